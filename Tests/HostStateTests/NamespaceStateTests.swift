import Bytes
import DropModel
import NetlinkLab
import Testing

@testable import HostState
@testable import Netlink

/// What messages of rtnetlink come to, as Linux 6.18 sent them.
struct NamespaceStateTests {
  // RTM_NEWLINK of v0, index 3: down, up and without a carrier, up with one.
  private static func link(_ flags: String, mtu: String = "dc050000") -> [UInt8] {
    [UInt8](
      hex: """
        44000000 1000 0000 00000000 00000000
        0000 0100 03000000 \(flags) 00000000
        0700 0300 763000 00                   // "v0"
        0800 0400 \(mtu)
        0a00 0100 727241bd4924 0000
        0800 0500 02000000                    // the other end: 2
        """)
  }
  private static let down = link("02100000")
  private static let upWithout = link("03100000")
  private static let up = link("43100100")
  private static let deleted = [UInt8](
    hex: """
      28000000 1100 0000 00000000 00000000
      0000 0100 03000000 02100000 ffffffff
      0700 0300 763000 00
      """)

  // ip addr add 10.9.9.1/24 dev v0, and del.
  private static func address(_ type: String) -> [UInt8] {
    [UInt8](
      hex: """
        4c000000 \(type) 0000 7139096b f7500000
        02 18 80 00 03000000
        0800 0100 0a090901
        0800 0200 0a090901
        0700 0300 763000 00
        0800 0800 80000000
        1400 0600 ffffffffffffffff f5650300 f5650300
        """)
  }

  // ip neigh add 10.9.9.2 lladdr 02:00:00:00:00:01 dev v0; its failure and end when it is deleted.
  private static func neighbour(_ type: String, _ state: String, lladdr: String? = nil) -> [UInt8] {
    [UInt8](
      hex: """
        \(lladdr == nil ? "24" : "30")000000 \(type) 0000 00000000 fd500000
        02 000000 03000000 \(state) 00 01
        0800 0100 0a090902
        """) + (lladdr.map { [UInt8](hex: "0a00 0200 \($0) 0000") } ?? [])
  }

  // ip route add 10.8.0.0/16 via 10.9.9.7.
  private static func route(_ type: String, flags: String = "0000", table: String = "fe") -> [UInt8]
  {
    [UInt8](
      hex: """
        3c000000 \(type) \(flags) 7139096b 01510000
        02 10 00 00 \(table) 03 00 01 00000000
        0800 0f00 \(table)000000
        0800 0100 0a080000
        0800 0500 0a090907
        0800 0400 03000000
        """)
  }

  // tc qdisc replace dev v0 root handle 1: pfifo limit 1, as far as its kind.
  private static func qdisc(_ type: String, _ handle: String, _ kind: String) -> [UInt8] {
    [UInt8](
      hex: """
        30000000 \(type) 0000 7239096b 05510000
        00000000 03000000 \(handle) ffffffff 03000000
        0a00 0100 \(kind)00 0000
        """)
  }
  private static let (pfifo, bfifo) = ("706669666f", "626669666f")

  private func texts(_ messages: [UInt8]...) throws -> [String] {
    var state = NamespaceState()
    return try messages.flatMap { try Self.apply($0, to: &state) }
  }

  private static func apply(
    _ bytes: [UInt8], to state: inout NamespaceState
  ) throws(NetlinkError) -> [String] {
    var texts: [String] = []
    var reader = MessageReader(bytes.span.raw)
    while let message = try reader.next() { texts += try state.apply(message).map(\.text) }
    return texts
  }

  @Test func `a link tells what is another than before, and nothing where nothing is`() throws {
    #expect(
      try texts(Self.down, Self.upWithout, Self.upWithout, Self.up, Self.upWithout, Self.up) == [
        "link v0 added, down", "link v0 set up", "link v0 came up (carrier)",
        "link v0 went down (no carrier)", "link v0 came up (carrier)",
      ])
    #expect(
      try texts(Self.up, Self.down, Self.link("02100000", mtu: "78050000"), Self.deleted) == [
        "link v0 added, up", "link v0 set down", "link v0 MTU 1500 → 1400", "link v0 removed",
      ])
  }

  @Test func `what is said of a bridge's port is said of no link`() throws {
    var port = Self.down
    port[16] = 7
    #expect(try texts(Self.up, port) == ["link v0 added, up"])
  }

  @Test func `an address is added once, however often its lifetime is told`() throws {
    #expect(
      try texts(
        Self.up, Self.address("1400"), Self.address("1400"), Self.address("1500")) == [
          "link v0 added, up", "address 10.9.9.1/24 on v0 added",
          "address 10.9.9.1/24 on v0 removed",
        ])
  }

  @Test func `neighbours come and go untold, but for failures and what somebody sets`() throws {
    let mac = "020000000001"
    let reachable = Self.neighbour("1c00", "0200", lladdr: mac)
    let stale = Self.neighbour("1c00", "0400", lladdr: mac)
    let failed = Self.neighbour("1c00", "2000")
    let gone = Self.neighbour("1d00", "2000")
    #expect(try texts(reachable, stale, reachable, stale, gone) == [])
    #expect(
      try texts(reachable, failed, reachable) == [
        "neighbour 10.9.9.2 on if3: REACHABLE → FAILED",
        "neighbour 10.9.9.2 on if3: FAILED → REACHABLE",
      ])
    #expect(
      try texts(Self.neighbour("1c00", "8000", lladdr: mac), failed, gone) == [
        "neighbour 10.9.9.2 on if3: new, PERMANENT",
        "neighbour 10.9.9.2 on if3: PERMANENT → FAILED", "neighbour 10.9.9.2 on if3 removed",
      ])
    #expect(
      try texts(reachable, Self.neighbour("1c00", "0200", lladdr: "020000000009")) == [
        "neighbour 10.9.9.2 on if3: lladdr 02:00:00:00:00:01 → 02:00:00:00:00:09"
      ])
    // A bridge's forwarding entry, of a tunnel's end.
    var entry = failed
    entry[16] = 7
    #expect(try texts(entry) == [])
  }

  @Test func `routes are added, replaced and removed; those of addresses follow by themselves`()
    throws
  {
    #expect(
      try texts(
        Self.up, Self.route("1800"), Self.route("1800", flags: "0001"), Self.route("1900"),
        Self.route("1800", table: "ff"), Self.route("1900", table: "64")) == [
          "link v0 added, up", "route 10.8.0.0/16 via 10.9.9.7 by v0 added",
          "route 10.8.0.0/16 via 10.9.9.7 by v0 replaced",
          "route 10.8.0.0/16 via 10.9.9.7 by v0 removed",
          "route 10.8.0.0/16 via 10.9.9.7 by v0 in table 100 removed",
        ])
  }

  @Test func `a queueing discipline takes another's place, and is changed in its own`() throws {
    #expect(
      try texts(
        Self.up, Self.qdisc("2400", "00000100", Self.pfifo),
        Self.qdisc("2500", "00000100", Self.pfifo) + Self.qdisc("2400", "00000200", Self.bfifo),
        Self.qdisc("2400", "00000200", Self.bfifo)) == [
          "link v0 added, up", "qdisc pfifo 1: on v0 added", "qdisc pfifo 1: on v0 removed",
          "qdisc bfifo 2: on v0 added in its place", "qdisc bfifo 2: on v0 changed",
        ])
    #expect(
      try texts(
        Self.qdisc("2800", "0a000100", Self.pfifo), Self.qdisc("2c00", "01000000", Self.bfifo))
        == ["class pfifo 1:a on if3 set", "tc filter bfifo on if3 added"])
  }

  @Test func `a truncated message is refused or tells less, and harms nothing`() {
    let messages = [
      Self.up, Self.deleted, Self.address("1400"), Self.address("1500"),
      Self.neighbour("1c00", "2000", lladdr: "020000000001"), Self.route("1800"),
      Self.qdisc("2400", "00000100", Self.pfifo), Self.qdisc("2500", "00000100", Self.pfifo),
    ]
    for message in messages {
      for count in 16..<message.count {
        var bytes = Array(message.prefix(count))
        bytes[0] = UInt8(count)
        var state = NamespaceState()
        let texts = (try? Self.apply(bytes, to: &state)) ?? []
        #expect(texts.count <= 1)
      }
      // What stands in front of the attributes is never optional.
      var state = NamespaceState()
      var bytes = Array(message.prefix(20))
      bytes[0] = 20
      #expect(throws: NetlinkError.self) { try Self.apply(bytes, to: &state) }
    }
  }
}
