/// An IPv6 packet (RFC 8200) whose header fields can be set wrong.
package struct IPv6Packet: Sendable {
  /// The source address.
  package var source: IPAddress
  /// The destination address.
  package var destination: IPAddress
  /// The number of the first header behind the fixed one.
  package var nextHeader: UInt8
  /// The hop limit.
  package var hopLimit: UInt8 = 64
  /// The version, six unless lied about.
  package var version: UInt8 = 6
  /// The payload length to claim, nil for the true one.
  package var claimedLength: UInt16?
  /// All behind the fixed header.
  package var payload: [UInt8]

  /// A packet from a to b unless said otherwise, changed by `adjust` before use.
  package init(
    _ nextHeader: UInt8, _ payload: [UInt8], from source: IPAddress = .a6,
    to destination: IPAddress = .b6, _ adjust: (inout IPv6Packet) -> Void = { _ in }
  ) {
    self.source = source
    self.destination = destination
    self.nextHeader = nextHeader
    self.payload = payload
    adjust(&self)
  }

  /// The packet, header first.
  package var bytes: [UInt8] {
    var header = ByteBuilder()
    header.add(UInt32(version) << 28)
    header.add(claimedLength ?? UInt16(payload.count))
    header.add(nextHeader)
    header.add(hopLimit)
    header.add(source.bytes)
    header.add(destination.bytes)
    return header.bytes + payload
  }

  /// An extension header with options: its next header, then the options, padded with Pad1.
  package static func options(next: UInt8, _ options: [UInt8]) -> [UInt8] {
    var header = [next, 0] + options
    while header.count % 8 != 0 { header.append(0) }
    header[1] = UInt8(header.count / 8 - 1)
    return header
  }

  /// A fragment header; `offset` is in bytes, a multiple of eight.
  package static func fragment(
    next: UInt8, identification: UInt32, offset: UInt16, more: Bool
  ) -> [UInt8] {
    var header = ByteBuilder()
    header.add(next)
    header.add(UInt8(0))
    header.add(offset | (more ? 1 : 0))
    header.add(identification)
    return header.bytes
  }
}
