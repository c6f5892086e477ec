internal import Bytes
internal import DropLab
internal import Packets

/// Decoding packets' headers, and putting them into text.
struct Decoding {
  /// Nanoseconds of each round, per packet.
  private struct Figures {
    var decoding: [Double] = []
    var telling: [Double] = []
  }

  private var figures: [(set: PacketSet, Figures)] = PacketSet.all.map { ($0, Figures()) }
  /// Whatever was computed, so that none of it is left out.
  private var total = 0

  /// Goes through each set so many times, in turn.
  mutating func run(rounds: Int) {
    var text = TextBuffer()
    for _ in 0..<rounds {
      for index in figures.indices {
        let set = figures[index].set
        let decoding = Self.time(set) { headers, bytes in
          total &+= headers.originalLength
          var inner = headers.inner(in: bytes)
          while let packet = inner {
            total &+= packet.originalLength
            inner = packet.inner(in: bytes)
          }
        }
        let telling = Self.time(set) { headers, bytes in
          text.append(headers, in: bytes)
          total &+= text.count
          text.removeAll()
        }
        figures[index].1.decoding.append(decoding)
        figures[index].1.telling.append(telling)
      }
    }
  }

  /// Nanoseconds for decoding a packet and what `body` does with it.
  private static func time(
    _ set: PacketSet, _ body: (PacketHeaders, RawSpan) -> Void
  ) -> Double {
    let repeats = 100_000 / set.packets.count
    let storage = set.storage.span.raw
    let start = processorTime
    for _ in 0..<repeats {
      for range in set.packets {
        let bytes = storage.extracting(range)
        body(PacketHeaders(bytes, originalLength: bytes.byteCount), bytes)
      }
    }
    return Double(processorTime - start) / Double(repeats * set.packets.count)
  }

  /// The section.
  func results() -> Results {
    var results = Results(
      "DECODING, built-in packets, one processor (\(figures.first?.1.decoding.count ?? 0) rounds)",
      columns: ["ns", "quartiles", "M/s"])
    for (set, figures) in figures {
      add(&results, "headers of \(set.name)", figures.decoding, ceiling: set.isPlain ? 200 : nil)
      add(&results, "headers and text", figures.telling, ceiling: set.isPlain ? 400 : nil)
    }
    results.remark("Those inside of tunnels and errors are decoded as well: two or three for each.")
    return results
  }

  /// Adds a row, with the nanoseconds that are expected at most.
  private func add(
    _ results: inout Results, _ name: String, _ values: [Double], ceiling: Double?
  ) {
    let middle = values.median
    results.add(
      name,
      [
        text(middle), "\(text(values.quantile(0.25)))…\(text(values.quantile(0.75)))",
        text(1e3 / middle, digits: 2),
      ],
      ceiling.map { .expected("≥ \(text(1e3 / $0, digits: 1)) M/s", isMet: middle <= $0) } ?? .none)
  }
}

/// Packets of some kind, one behind the other.
private struct PacketSet {
  let name: String
  /// Whether there are no packets inside of packets.
  let isPlain: Bool
  let storage: [UInt8]
  let packets: [Range<Int>]

  private init(_ name: String, isPlain: Bool, _ packets: [[UInt8]]) {
    self.name = name
    self.isPlain = isPlain
    storage = packets.flatMap(\.self)
    var start = 0
    self.packets = packets.map { packet in
      defer { start += packet.count }
      return start..<start + packet.count
    }
  }

  static let all = [
    PacketSet("TCP and UDP", isPlain: true, ends.flatMap { Self.mixed(from: $0, to: $1) }),
    PacketSet(
      "tunnels and errors", isPlain: false, ends.flatMap { Self.nested(from: $0, to: $1) }),
  ]

  /// Pairs of addresses, of both versions.
  private static let ends: [(IPAddress, IPAddress)] = [
    ("10.0.0.1", "10.0.0.2"), ("192.168.100.200", "203.0.113.77"), ("172.16.5.4", "10.255.255.1"),
    ("2001:db8::1", "2001:db8:1:2:3:4:5:6"),
  ]

  private static func mixed(from a: IPAddress, to b: IPAddress) -> [[UInt8]] {
    let options: [UInt8] = [2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 1, 2, 3, 0, 0, 0, 0, 1, 3, 3, 7]
    let stamps: [UInt8] = [1, 1, 8, 10, 0, 1, 2, 3, 0, 4, 5, 6]
    return [
      packet(17, UDPDatagram(from: a, to: b).bytes, a, b),
      packet(6, TCPSegment(.syn, from: a, to: b) { $0.options = options }.bytes, a, b),
      packet(
        6,
        TCPSegment([.ack, .psh], from: a, to: b) {
          $0.options = stamps
          $0.payload = [UInt8](repeating: 7, count: 100)
        }.bytes, a, b),
      packet(6, TCPSegment([.rst, .ack], from: a, to: b).bytes, a, b),
    ].map { EthernetFrame($0).bytes }
  }

  private static func nested(from a: IPAddress, to b: IPAddress) -> [[UInt8]] {
    let inner = packet(17, UDPDatagram(from: a, to: b).bytes, a, b)
    let vxlan = UDPDatagram([8, 0, 0, 0, 0, 0, 42, 0] + EthernetFrame(inner).bytes) {
      $0.destinationPort = 4789
    }
    let error = ICMPMessage(3, code: 3, body: [0, 0, 0, 0] + IPv4Packet(17, vxlan.bytes).bytes)
    return [
      IPv4Packet(17, vxlan.bytes).bytes, IPv4Packet(1, error.bytes).bytes,
      IPv4Packet(47, [0x20, 0, 8, 0, 0, 0, 0, 5] + inner).bytes,
    ].map { EthernetFrame($0).bytes }
  }

  private static func packet(
    _ transport: UInt8, _ bytes: [UInt8], _ a: IPAddress, _ b: IPAddress
  ) -> [UInt8] {
    a.isIPv6
      ? IPv6Packet(transport, bytes, from: a, to: b).bytes
      : IPv4Packet(transport, bytes, from: a, to: b).bytes
  }
}
