/// A UDP datagram (RFC 768), checksummed for its two addresses.
package struct UDPDatagram: Sendable {
  /// The source address, for the checksum.
  package var source: IPAddress
  /// The destination address, for the checksum.
  package var destination: IPAddress
  /// The source port.
  package var sourcePort: UInt16 = 40_000
  /// The destination port.
  package var destinationPort: UInt16 = 9_000
  /// The length to claim, nil for the true one.
  package var claimedLength: UInt16?
  /// The checksum to write, nil for the right one.
  package var claimedChecksum: UInt16?
  /// The user's data.
  package var payload: [UInt8]

  /// A datagram of 32 bytes from a:40000 to b:9000 unless said otherwise.
  package init(
    _ payload: [UInt8] = [UInt8](repeating: 0x78, count: 32), from source: IPAddress = .a,
    to destination: IPAddress = .b, _ adjust: (inout UDPDatagram) -> Void = { _ in }
  ) {
    self.source = source
    self.destination = destination
    self.payload = payload
    adjust(&self)
  }

  /// The datagram, header first.
  package var bytes: [UInt8] {
    let length = 8 + payload.count
    var datagram = ByteBuilder()
    datagram.add(sourcePort)
    datagram.add(destinationPort)
    datagram.add(claimedLength ?? UInt16(length))
    datagram.add(UInt16(0))
    datagram.add(payload)
    let pseudo = InternetChecksum.pseudoHeader(source, destination, transport: 17, length: length)
    let right = InternetChecksum.over(pseudo, datagram.bytes)
    // Zero on the wire means "no checksum", so a computed zero is sent as its complement.
    datagram.put(claimedChecksum ?? (right == 0 ? 0xFFFF : right), at: 6)
    return datagram.bytes
  }

  /// The datagram in an IPv4 or IPv6 packet in an Ethernet frame from va to vb.
  package var frame: [UInt8] {
    EthernetFrame(
      source.isIPv6
        ? IPv6Packet(17, bytes, from: source, to: destination).bytes
        : IPv4Packet(17, bytes, from: source, to: destination).bytes
    ).bytes
  }
}
