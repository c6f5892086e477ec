internal import Bytes

extension PacketHeaders {
  /// Reads the header of the protocol that ``transportNumber`` says; the packet claims to reach to
  /// `end`.
  mutating func readTransport(_ reader: inout ByteReader, end: Int) throws(ByteReaderError) {
    switch transportNumber {
    case 6: try readTCP(&reader, end)
    case 17: try readUDP(&reader, end)
    case 1: try readICMP(&reader, isIPv6: false)
    case 58: try readICMP(&reader, isIPv6: true)
    case 2:
      transportOffset = reader.position
      transport = .igmp(try IGMPHeader(&reader))
    case 132:
      transportOffset = reader.position
      ports = try Ports(&reader)
      let header = try SCTPHeader(&reader)
      transport = .sctp(header)
      payloadLength = payloadLength.map { max(0, $0 - SCTPHeader.size) }
    default: break
    }
  }

  private mutating func readTCP(_ reader: inout ByteReader, _ end: Int) throws(ByteReaderError) {
    let offset = reader.position
    transportOffset = offset
    payloadLength = nil
    ports = try Ports(&reader)
    let header = try TCPHeader(&reader)
    transport = .tcp(header)
    guard header.length >= TCPHeader.size else {
      ending = .malformed
      return
    }
    let length = end - offset - header.length
    payloadLength = length >= 0 ? length : nil
    try reader.skip(header.length - (reader.position - offset))
  }

  private mutating func readUDP(_ reader: inout ByteReader, _ end: Int) throws(ByteReaderError) {
    let offset = reader.position
    transportOffset = offset
    payloadLength = nil
    let ports = try Ports(&reader)
    self.ports = ports
    let header = try UDPHeader(&reader)
    transport = .udp(header)
    let length = header.claimedLength ?? max(UDPHeader.size, end - offset)
    guard length >= UDPHeader.size else {
      ending = .malformed
      return
    }
    payloadLength = length - UDPHeader.size
    // A fragment's header tells the length of all of them.
    if ip?.fragment == nil { missing = max(missing, offset + length - self.end) }
    reader.truncate(to: offset + length)
    try readDatagram(&reader, ports, length - UDPHeader.size)
  }

  /// Looks for another packet in a datagram of so many bytes.
  @inline(__always)
  private mutating func readDatagram(
    _ reader: inout ByteReader, _ ports: Ports, _ length: Int
  ) throws(ByteReaderError) {
    if VXLAN.isPort(ports.destination) {
      tunnel = .vxlan(network: try VXLAN.read(&reader))
      inner = Inner(offset: reader.position, start: .ethernet)
    } else if ports.destination == GeneveHeader.port {
      let header = try GeneveHeader(&reader)
      tunnel = .geneve(network: header.network)
      inner = Inner(offset: reader.position, start: Start(carried: header.ethertype))
    } else if ports.destination == ESP.port || ports.source == ESP.port {
      tunnel = try ESP.readDatagram(&reader, length: length)
    } else if let message = WireGuardMessage.recognize(reader, length: length) {
      tunnel = .wireGuard(message)
    }
  }

  private mutating func readICMP(
    _ reader: inout ByteReader, isIPv6: Bool
  ) throws(ByteReaderError) {
    transportOffset = reader.position
    var header = try ICMPHeader(&reader, isIPv6: isIPv6)
    defer { transport = .icmp(header) }
    try header.readRest(&reader)
    guard header.quotes else { return }
    let start = Start.network(ethertype: isIPv6 ? 0x86DD : 0x0800)
    // A redirect of ICMPv6 quotes in an option, see RFC 4861, section 4.5; it is left out.
    inner = Inner(offset: reader.position, start: start, isQuoted: true)
  }
}
