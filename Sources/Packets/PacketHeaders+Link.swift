internal import Bytes

extension PacketHeaders {
  /// Reads all headers from the first on.
  @inline(__always)
  mutating func read(_ reader: inout ByteReader) throws(ByteReaderError) {
    switch start {
    case .ethernet:
      ethernet = try EthernetHeader(&reader)
      try readNetwork(&reader, try reader.read(.big))
    case .network(let ethertype):
      try readNetwork(&reader, ethertype)
    case .transport(let number):
      transportNumber = number
      try readTransport(&reader, end: end)
    case .unknown(let ethertype, _, let transport):
      self.ethertype = ethertype
      transportNumber = transport
      payloadLength = max(0, end - reader.position)
    }
  }

  /// Reads tags and what follows them.
  private mutating func readNetwork(
    _ reader: inout ByteReader, _ ethertype: UInt16
  ) throws(ByteReaderError) {
    var ethertype = ethertype
    try vlans.read(&reader, &ethertype)
    self.ethertype = ethertype
    networkOffset = reader.position
    payloadLength = max(0, end - reader.position)
    switch ethertype {
    case 0x0800: try readIPv4(&reader)
    case 0x86DD: try readIPv6(&reader)
    case 0x0806: arp = try ARPHeader(&reader)
    case 0x8847, 0x8848: try readMPLS(&reader)
    default: break
    }
  }

  /// Reads a label stack; the first half byte behind it tells which IP follows (RFC 4928).
  private mutating func readMPLS(_ reader: inout ByteReader) throws(ByteReaderError) {
    var entry = try MPLSEntry(&reader)
    tunnel = .mpls(entry)
    var depth = 1
    while !entry.isBottom {
      guard depth < MPLSEntry.deepestStack else {
        ending = .malformed
        return
      }
      entry = try MPLSEntry(&reader)
      depth += 1
    }
    payloadLength = max(0, end - reader.position)
    switch reader.next.map({ $0 >> 4 }) {
    case 4: inner = Inner(offset: reader.position, start: .network(ethertype: 0x0800))
    case 6: inner = Inner(offset: reader.position, start: .network(ethertype: 0x86DD))
    default: break
    }
  }
}
