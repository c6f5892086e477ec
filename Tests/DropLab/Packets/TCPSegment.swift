/// A TCP segment (RFC 9293), checksummed for its two addresses.
package struct TCPSegment: Sendable {
  /// The control bits of a segment.
  package struct Flags: OptionSet, Sendable {
    /// The bits as in byte 13 of the header.
    package let rawValue: UInt8
    /// Takes the bits as in byte 13 of the header.
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// No more data from the sender.
    package static let fin = Flags(rawValue: 1)
    /// Synchronize sequence numbers.
    package static let syn = Flags(rawValue: 2)
    /// Reset the connection.
    package static let rst = Flags(rawValue: 4)
    /// Push.
    package static let psh = Flags(rawValue: 8)
    /// The acknowledgement number is valid.
    package static let ack = Flags(rawValue: 16)
  }

  /// The source address, for the checksum.
  package var source: IPAddress
  /// The destination address, for the checksum.
  package var destination: IPAddress
  /// The source port.
  package var sourcePort: UInt16 = 41_000
  /// The destination port.
  package var destinationPort: UInt16 = 8_080
  /// The control bits.
  package var flags: Flags
  /// The sequence number of the first byte.
  package var sequence: UInt32 = 1_000
  /// The acknowledgement number.
  package var acknowledgement: UInt32 = 0
  /// The window, unscaled.
  package var window: UInt16 = 0xFFFF
  /// Options, padded here with no-operations to a multiple of four bytes.
  package var options: [UInt8] = []
  /// The header length to claim in 32-bit words, nil for the true one.
  package var claimedHeaderWords: UInt8?
  /// The checksum to write, nil for the right one.
  package var claimedChecksum: UInt16?
  /// The user's data.
  package var payload: [UInt8] = []

  /// A segment from a:41000 to b:8080 unless said otherwise.
  package init(
    _ flags: Flags, from source: IPAddress = .a, to destination: IPAddress = .b,
    _ adjust: (inout TCPSegment) -> Void = { _ in }
  ) {
    self.flags = flags
    self.source = source
    self.destination = destination
    adjust(&self)
  }

  /// The segment, header first.
  package var bytes: [UInt8] {
    let padding = [UInt8](repeating: 1, count: (4 - options.count % 4) % 4)
    let words = 5 + (options.count + padding.count) / 4
    var segment = ByteBuilder()
    segment.add(sourcePort)
    segment.add(destinationPort)
    segment.add(sequence)
    segment.add(acknowledgement)
    segment.add((claimedHeaderWords ?? UInt8(words)) << 4)
    segment.add(flags.rawValue)
    segment.add(window)
    segment.add(UInt32(0))
    segment.add(options + padding)
    segment.add(payload)
    let pseudo = InternetChecksum.pseudoHeader(
      source, destination, transport: 6, length: segment.bytes.count)
    segment.put(claimedChecksum ?? InternetChecksum.over(pseudo, segment.bytes), at: 16)
    return segment.bytes
  }

  /// The segment in an IPv4 or IPv6 packet in an Ethernet frame from va to vb.
  package var frame: [UInt8] {
    EthernetFrame(
      source.isIPv6
        ? IPv6Packet(6, bytes, from: source, to: destination).bytes
        : IPv4Packet(6, bytes, from: source, to: destination).bytes
    ).bytes
  }

  /// The timestamp option (RFC 7323), aligned by two no-operations.
  package static func timestamps(_ value: UInt32, echo: UInt32) -> [UInt8] {
    var option = ByteBuilder()
    option.add([1, 1, 8, 10])
    option.add(value)
    option.add(echo)
    return option.bytes
  }
}
