internal import Bytes
internal import DropModel
@testable internal import HostCounters
@testable internal import HostState
@testable internal import Netlink
internal import NetlinkLab

/// The machine's counters: the first byte chooses a file of /proc, a driver's answer or a dump.
enum CounterInput {
  static func read(_ bytes: [UInt8]) {
    guard let choice = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    var snapshot = CounterSnapshot(time: MonotonicTime(nanoseconds: 0), namespace: 1)
    switch choice % 7 {
    case 0: _ = SoftnetCounters.read(rest, into: &snapshot)
    case 1: _ = NetstatCounters.readPairs(rest, into: &snapshot)
    case 2: _ = NetstatCounters.readLines(rest, into: &snapshot)
    case 3: _ = ConntrackCounters.read(rest, into: &snapshot)
    case 4: readStatistics(rest)
    case 6:
      var memory = ProtocolMemory()
      _ = memory.read(rest)
    default: readMessages(rest)
    }
    expect(snapshot.counters.count <= rest.count, "every counter has bytes of its own")
    let changes = snapshot.changes(since: snapshot)
    expect(changes.changed.isEmpty && changes.unknown.isEmpty, "nothing moves in no time")
  }

  private static func readStatistics(_ bytes: [UInt8]) {
    _ = EthtoolCounters.count(bytes)
    let half = bytes.count / 2
    let pairs = EthtoolCounters.pairs(Array(bytes.prefix(half)), Array(bytes.dropFirst(half)))
    expect(pairs?.count ?? 0 <= bytes.count / 32, "every name has 32 bytes")
  }

  private static func readMessages(_ bytes: [UInt8]) {
    var reader = MessageReader(bytes.span.raw)
    while let message = try? reader.next() {
      if let link = try? Link(message) {
        expect(link.statistics.values.count <= LinkStatistics.fields.count, "fields are known")
      }
      _ = try? DeviceQdisc(message)
      if let socket = try? SocketMemory(message, .udp) {
        expect(socket.label.hasPrefix("udp "), "a socket has a label")
      }
      _ = try? PacketSocketCounters.PacketSocket(message)
      _ = try? XDPSocketCounters.XDPSocket(message)
      _ = try? ConntrackCounters.read(message)
      _ = try? ExtendedLinkStatistics(message)
      readState(message)
    }
  }

  private static func readState(_ message: borrowing Message) {
    _ = try? InterfaceAddress(message)
    _ = try? Neighbour(message)
    _ = try? Route(message)
    _ = try? DeviceSettings(message)
    if let policy = try? SecurityPolicy(message) {
      expect(
        policy.templates.count * 64 <= Int(message.header.length), "a template has 64 bytes")
    }
    _ = try? SecurityAssociation(message)
  }

  static var seeds: [[UInt8]] {
    let texts = [
      "0900c6be 00000007 1 0 0 0 0 0 2 3 4 5 1 6 7\n", "Tcp: MaxConn InSegs\nTcp: -1 7\n",
      "Ip6InReceives \t57\n", "entries  clashres drop\n00000003  00000001 00000002\n",
    ]
    let link = [UInt8](
      hex: """
        40000000 1000 0200 01000000 8c000000
        0000 0100 02000000 43100100 00000000
        0700 0300 763100 00
        1000 1200 0900 0100 7665746800000000
        0500 1000 06 000000
        """)
    let qdisc = [UInt8](
      hex: """
        64000000 2400 0200 01000000 8c000000
        00000000 02000000 00000000 01003980 01000000
        0a00 0100 626669666f00 0000
        0800 0200 b80b0000
        2c00 0700
          1000 0100 9002000000000000 08000000
          1800 0300 00000000 00000000 02000000 00000000 00000000
        """)
    return texts.enumerated().map { [UInt8($0)] + Array($1.utf8) } + [
      [5] + link, [5] + qdisc, [6] + Array("TCP: inuse 5 mem 1\nFRAG: inuse 0 memory 0\n".utf8),
    ]
  }
}
