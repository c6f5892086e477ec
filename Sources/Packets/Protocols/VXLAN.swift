internal import Bytes

/// The header of VXLAN (RFC 7348); an Ethernet frame follows.
enum VXLAN {
  /// Whether UDP datagrams to a port carry it: IANA's number, and the one Linux began with.
  @inline(__always)
  static func isPort(_ port: UInt16) -> Bool { port == 4789 || port == 8472 }

  /// Reads it and returns the network's identifier.
  static func read(_ reader: inout ByteReader) throws(ByteReaderError) -> UInt32 {
    try reader.skip(4)
    let word: UInt32 = try reader.read(.big)
    return word >> 8
  }
}
