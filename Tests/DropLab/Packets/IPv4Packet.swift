/// An IPv4 packet (RFC 791) whose every header field can be set wrong.
package struct IPv4Packet: Sendable {
  /// The source address.
  package var source: IPAddress
  /// The destination address.
  package var destination: IPAddress
  /// The IP protocol number of the payload.
  package var transport: UInt8
  /// Options, padded by the caller to a multiple of four bytes.
  package var options: [UInt8] = []
  /// The type of service: DSCP, and ECN in the low two bits.
  package var serviceType: UInt8 = 0
  /// The time to live.
  package var timeToLive: UInt8 = 64
  /// The identification, by which fragments find each other.
  package var identification: UInt16 = 0
  /// The don't-fragment flag.
  package var dontFragment = false
  /// The more-fragments flag.
  package var moreFragments = false
  /// The fragment's offset in bytes, a multiple of eight.
  package var fragmentOffset: UInt16 = 0
  /// The version, four unless lied about.
  package var version: UInt8 = 4
  /// The total length to claim, nil for the true one.
  package var claimedLength: UInt16?
  /// The header checksum to write, nil for the right one.
  package var claimedChecksum: UInt16?
  /// All behind the header.
  package var payload: [UInt8]

  /// A packet from a to b unless said otherwise, changed by `adjust` before use.
  package init(
    _ transport: UInt8, _ payload: [UInt8], from source: IPAddress = .a,
    to destination: IPAddress = .b, _ adjust: (inout IPv4Packet) -> Void = { _ in }
  ) {
    self.source = source
    self.destination = destination
    self.transport = transport
    self.payload = payload
    adjust(&self)
  }

  /// The packet, header first.
  package var bytes: [UInt8] {
    var header = ByteBuilder()
    let words = UInt8(5 + options.count / 4)
    header.add(version << 4 | words)
    header.add(serviceType)
    header.add(claimedLength ?? UInt16(20 + options.count + payload.count))
    header.add(identification)
    header.add(
      (dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0) | fragmentOffset / 8)
    header.add(timeToLive)
    header.add(transport)
    header.add(UInt16(0))
    header.add(source.bytes)
    header.add(destination.bytes)
    header.add(options)
    header.put(claimedChecksum ?? InternetChecksum.over(header.bytes), at: 10)
    return header.bytes + payload
  }
}
