/// An ICMP message (RFC 792), or an ICMPv6 one (RFC 4443) when its addresses are IPv6.
package struct ICMPMessage: Sendable {
  /// The message type.
  package var type: UInt8
  /// The code below the type.
  package var code: UInt8
  /// All behind the checksum, beginning with the four bytes that depend on the type.
  package var body: [UInt8]
  /// The addresses, which only ICMPv6 puts under the checksum.
  package var addresses: (source: IPAddress, destination: IPAddress)
  /// The checksum to write, nil for the right one.
  package var claimedChecksum: UInt16?

  /// An ICMP message from a to b unless said otherwise.
  package init(
    _ type: UInt8, code: UInt8 = 0, body: [UInt8] = [0, 1, 0, 1, 0x6C, 0x61, 0x62],
    from source: IPAddress = .a, to destination: IPAddress = .b, checksum: UInt16? = nil
  ) {
    self.type = type
    self.code = code
    self.body = body
    addresses = (source, destination)
    claimedChecksum = checksum
  }

  /// The message, header first.
  package var bytes: [UInt8] {
    var message = ByteBuilder()
    message.add(type)
    message.add(code)
    message.add(UInt16(0))
    message.add(body)
    let (source, destination) = addresses
    let pseudo =
      source.isIPv6
      ? InternetChecksum.pseudoHeader(
        source, destination, transport: 58, length: message.bytes.count)
      : []
    message.put(claimedChecksum ?? InternetChecksum.over(pseudo, message.bytes), at: 2)
    return message.bytes
  }
}
