import DropModel
import Testing

struct LossTests {
  @Test func `an account that adds up and lost nothing is clean`() {
    let loss = Loss(
      seen: 100, tallied: 90, filtered: 6, excluded: 4, offered: 90, delivered: 20, limited: 70)
    #expect(loss.isConserved)
    #expect(!loss.isLossy)
  }

  @Test(arguments: [
    Loss(seen: 10, tallied: 9, overflowed: 1),
    Loss(seen: 10, tallied: 10, offered: 10, delivered: 9, lost: 1),
    Loss(seen: 10, tallied: 10, missed: 1),
    Loss(seen: 11, tallied: 10),
    Loss(seen: 10, tallied: 10, offered: 10, delivered: 9),
  ])
  func `whatever is missing makes a run lossy`(loss: Loss) {
    #expect(loss.isLossy)
  }
}

struct DropTests {
  private let full = Drop(
    reason: DropReason(subsystem: "core", name: "NO_SOCKET"),
    site: DropSite(address: 0x1234, symbol: "udp_rcv", offset: 0x49e, size: 0xb20),
    namespace: NetworkNamespace(inode: 7, name: "red"), device: Device(index: 2, name: "veth0"),
    networkProtocol: "ipv4", transport: "udp")

  @Test(arguments: [
    ("ipv4", "udp", "udp"), ("ipv6", "udp", "udp6"), ("ipv6", "icmp6", "icmp6"),
    ("arp", nil, "arp"), (nil, "tcp", "tcp"), (nil, nil, ""), ("mpls", "udp", "mpls/udp"),
  ])
  func `a protocol fits a column`(network: String?, transport: String?, label: String) {
    #expect(Drop(networkProtocol: network, transport: transport).protocolLabel == label)
  }

  @Test func `a group keeps only what it is made by, and a device its namespace`() {
    #expect(full.keeping([.reason]) == Drop(reason: full.reason))
    #expect(full.keeping([.device]) == Drop(namespace: full.namespace, device: full.device))
    #expect(full.keeping([.netns]) == Drop(namespace: full.namespace))
    #expect(full.keeping(Set(Dimension.allCases)) == full)
  }

  @Test func `what has no name is labelled by its number`() {
    #expect(DropSite(address: 0xffff_8000_0000_1234).label == "0xffff800000001234")
    #expect(
      DropSite(address: 1, symbol: "f", offset: 31, module: "nf_tables").label
        == "f+0x1f [nf_tables]")
    #expect(Device(index: 7, name: nil).label == "if7")
    #expect(NetworkNamespace(inode: 4_026_531_840, name: nil).label == "4026531840")
    #expect(DropReason(subsystem: "qdisc", name: "OVERLIMIT").label == "qdisc/OVERLIMIT")
  }
}

struct TimeTests {
  @Test func `a wall time is written as RFC 3339 in UTC with microseconds`() {
    let time = WallTime(nanoseconds: 1_795_861_461_123_456_789)
    #expect(time.rfc3339 == "2026-11-28T10:24:21.123456Z")
    #expect(WallTime(nanoseconds: 0).rfc3339 == "1970-01-01T00:00:00.000000Z")
  }

  @Test func `a duration never runs backwards`() {
    let (early, late) = (MonotonicTime(nanoseconds: 5), MonotonicTime(nanoseconds: 1_000_000_005))
    #expect(early.duration(to: late) == .seconds(1))
    #expect(late.duration(to: early) == .zero)
    #expect(early.duration(to: late).seconds == 1)
  }
}
