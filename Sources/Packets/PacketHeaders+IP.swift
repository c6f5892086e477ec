internal import Bytes

extension PacketHeaders {
  mutating func readIPv4(_ reader: inout ByteReader) throws(ByteReaderError) {
    let start = reader.position
    guard let header = try IPHeader(v4: &reader) else {
      ending = .malformed
      return
    }
    try readIP(&reader, header, start)
  }

  mutating func readIPv6(_ reader: inout ByteReader) throws(ByteReaderError) {
    let start = reader.position
    guard let header = try IPHeader(v6: &reader) else {
      ending = .malformed
      return
    }
    try readIP(&reader, header, start)
  }

  /// Reads what follows the fixed part of a header that began at `start`.
  @inline(__always)
  private mutating func readIP(
    _ reader: inout ByteReader, _ fixed: IPHeader, _ start: Int
  ) throws(ByteReaderError) {
    var header = fixed
    payloadLength = nil
    // What extension headers have told remains if they end early.
    defer {
      ip = header
      transportNumber = header.transport
    }
    guard header.isSound else {
      ending = .malformed
      return
    }
    let claimedEnd = header.claimedLength.map { start + $0 } ?? end
    missing = max(0, claimedEnd - end)
    end = min(end, claimedEnd)
    reader.truncate(to: end)
    try reader.skip(header.length - header.fixedLength)
    try header.readExtensions(&reader)
    payloadLength = max(0, claimedEnd - reader.position)
    guard header.beginsTransport else { return }
    ip = header
    transportNumber = header.transport
    switch header.transport {
    case 4: readIPIP(&reader, 0x0800)
    case 41: readIPIP(&reader, 0x86DD)
    case 47: try readGRE(&reader)
    case 50: tunnel = try ESP.read(&reader)
    default: try readTransport(&reader, end: claimedEnd)
    }
  }

  private mutating func readIPIP(_ reader: inout ByteReader, _ ethertype: UInt16) {
    tunnel = .ipip
    inner = Inner(offset: reader.position, start: .network(ethertype: ethertype))
  }

  private mutating func readGRE(_ reader: inout ByteReader) throws(ByteReaderError) {
    let gre = try GREHeader(&reader)
    tunnel = .gre(key: gre.key)
    guard gre.isWhole else { return }
    inner = Inner(offset: reader.position, start: Start(carried: gre.ethertype))
  }
}

extension PacketHeaders.Start {
  /// What a tunnel's header announces by an ethertype: 0x6558 is an Ethernet frame.
  init(carried ethertype: UInt16) {
    self = ethertype == 0x6558 ? .ethernet : .network(ethertype: ethertype)
  }
}
