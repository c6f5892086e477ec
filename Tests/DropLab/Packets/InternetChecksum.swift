/// The one's-complement checksum of the Internet protocols (RFC 1071).
enum InternetChecksum {
  /// The checksum over all parts as if they were one; each but the last must have even length.
  static func over(_ parts: [UInt8]...) -> UInt16 {
    var sum: UInt32 = 0
    for part in parts {
      for (index, byte) in part.enumerated() {
        sum += index & 1 == 0 ? UInt32(byte) << 8 : UInt32(byte)
        if sum >= 0x8000_0000 { sum = (sum & 0xFFFF) + (sum >> 16) }
      }
    }
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    return ~UInt16(truncatingIfNeeded: sum)
  }

  /// The pseudo header that a transport checksum also covers (RFC 768, RFC 8200 section 8.1).
  static func pseudoHeader(
    _ source: IPAddress, _ destination: IPAddress, transport: UInt8, length: Int
  ) -> [UInt8] {
    var header = ByteBuilder()
    header.add(source.bytes)
    header.add(destination.bytes)
    header.add(UInt32(length))
    header.add(UInt32(transport))
    return header.bytes
  }
}
