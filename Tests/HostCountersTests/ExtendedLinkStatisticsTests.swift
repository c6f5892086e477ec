import DropLab
import Glibc
import Netlink
import NetlinkLab
import Testing

@testable import HostCounters

/// What only some devices count.
@Suite(.serialized)
struct ExtendedLinkStatisticsTests {
  /// RTM_NEWSTATS: a header as of Linux 6.18, and attributes behind it.
  private static func message(_ attributes: String) -> [UInt8] {
    let body = [UInt8](hex: "0000 0000 02000000 1e000000 " + attributes)
    return MessageWriter.bytes(of: UInt32(16 + body.count))
      + [UInt8](hex: "5c00 0200 01000000 00000000") + body
  }

  /// An attribute of 64-bit numbers: 1, 2, 3, … as many as are wanted.
  private static func numbers(_ type: Int, _ count: Int) -> String {
    header(type, count * 8)
      + (1...count).map { hex(MessageWriter.bytes(of: UInt64($0))) }.joined()
  }

  private static func nest(_ type: Int, _ inside: String) -> String {
    header(type, inside.count / 2) + inside
  }

  private static func header(_ type: Int, _ size: Int) -> String {
    hex(MessageWriter.bytes(of: UInt16(size + 4)) + MessageWriter.bytes(of: UInt16(type)))
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static let bridge = message(nest(2, nest(1, numbers(2, 30) + numbers(4, 6))))
  private static let bond = message(
    nest(2, nest(2, nest(1, numbers(0, 1) + numbers(3, 1) + numbers(99, 1)))))
  private static let offload = message(nest(4, numbers(1, 25) + numbers(3, 9)))
  private static let mpls = message(nest(5, nest(10, numbers(1, 9)) + nest(28, numbers(1, 9))))

  private func read(_ bytes: [UInt8]) throws -> ExtendedLinkStatistics {
    let place = CounterPlace.fake(answers: [.dump(bytes)])
    return try #require(
      try ExtendedLinkStatistics.all(over: try place.connection(.route)).first)
  }

  @Test func `bridges, bonds, MPLS and hardware name what they count`() throws {
    let bridge = try read(Self.bridge)
    #expect(bridge.device == 2 && bridge.values.count == 36)
    #expect(bridge.values["mcast_igmp_parse_errors"] == 15)
    #expect(bridge.values["mcast_mld_parse_errors"] == 26)
    #expect(bridge.values["mcast_tx_packets"] == 30)
    #expect(bridge.values["stp_transition_blk"] == 1 && bridge.values["stp_tx_tcn"] == 6)
    #expect(try read(Self.bond).values == ["3ad_lacpdu_rx": 1, "3ad_lacpdu_illegal_rx": 1])
    let offload = try read(Self.offload)
    #expect(offload.values["cpu_hit_rx_dropped"] == 7 && offload.values["hw_l3_rx_dropped"] == 7)
    let mpls = try read(Self.mpls)
    #expect(mpls.values.count == 9)
    #expect(mpls.values["mpls_rx_dropped"] == 7 && mpls.values["mpls_rx_noroute"] == 9)
  }

  @Test func `a message that is cut off is refused or says less`() throws {
    for message in [Self.bridge, Self.bond, Self.offload, Self.mpls] {
      let whole = try read(message).values.count
      for count in 16..<message.count {
        let bytes =
          MessageWriter.bytes(of: UInt32(count)) + Array(message[4..<count])
        let place = CounterPlace.fake(answers: [.dump(bytes)])
        let read = try? ExtendedLinkStatistics.all(over: try place.connection(.route)).first
        #expect(read?.values.count ?? 0 < whole, "\(count)")
      }
    }
  }

  @Test(.enabled(if: geteuid() == 0, "namespaces need root"))
  func `a bridge's port counts an IGMP message that makes no sense`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try b.ip(
      "addr flush dev vb", "link add br0 type bridge forward_delay 0 mcast_stats_enabled 1",
      "link set vb master br0", "link set br0 up")
    let reader = CounterReader(namespace: "/run/netns/" + b.name, families: [.link])
    let name = CounterName(.link, "vb", "mcast_igmp_parse_errors")
    #expect(try reader.snapshot()[name] == 0)
    // A membership report of three bytes, to a group.
    let group = IPAddress("224.0.1.7")
    let packet = IPv4Packet(2, [0x16, 0, 0], to: group) { $0.timeToLive = 1 }
    let frame = EthernetFrame(packet.bytes, to: MACAddress(bytes: [1, 0, 0x5E, 0, 1, 7]))
    try PacketSender(lab, a, "va").send(frame.bytes, count: 6)
    #expect(try reader.snapshot()[name] == 6)
    #expect(try reader.snapshot()[CounterName(.link, "vb", "stp_rx_bpdu")] == 0)
  }
}
