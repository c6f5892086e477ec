import DropModel
import Testing

@testable import Diagnosis

struct ReconciliationTests {
  static let namespace = NetworkNamespace(inode: 7, name: "red")

  static func drops(
    _ reason: String, _ drops: UInt64, segments: UInt64? = nil, at symbol: String? = nil,
    on device: String = "eth0", in namespace: NetworkNamespace = namespace,
    _ networkProtocol: String = "ipv4", _ transport: String? = "udp"
  ) -> Reconciliation.Dropped {
    Reconciliation.Dropped(
      Drop(
        reason: DropReason(subsystem: "core", name: reason),
        site: symbol.map { DropSite(address: 1, symbol: $0) }, namespace: namespace,
        device: Device(index: 2, name: device), networkProtocol: networkProtocol,
        transport: transport),
      Counts(drops: drops, bytes: 0, segments: segments ?? drops), on: .physical)
  }

  static func change(
    _ family: String, _ instance: String?, _ field: String, _ change: UInt64,
    in namespace: UInt32 = 7
  ) -> CounterChange {
    CounterChange(
      family: family, instance: instance, field: field, namespace: namespace, change: change)
  }

  static func line(
    _ title: String, _ changes: [CounterChange], _ drops: [Reconciliation.Dropped],
    in namespace: UInt32 = 7
  ) throws -> Reconciliation.Line {
    let lines = try Reconciliation(changes, drops, knowledge: .embedded).lines
    return try #require(
      lines.first { $0.counter.title == title && $0.counter.namespace == namespace })
  }

  @Test func `drops explain a counter to the last packet`() throws {
    let line = try Self.line(
      "UdpRcvbufErrors", [Self.change("netstat", nil, "UdpRcvbufErrors", 1204)],
      [Self.drops("SOCKET_RCVBUFF", 1204), Self.drops("SOCKET_RCVBUFF", 9, "ipv6")])
    #expect(line.text == "UdpRcvbufErrors +1,204 = 1,204 SOCKET_RCVBUFF")
    #expect(line.remainder == 0 && line.excess == 0)
  }

  @Test func `of drops without namespace and protocol nobody knows the counter`() throws {
    let drop = Drop(reason: DropReason(subsystem: "core", name: "SOCKET_RCVBUFF"))
    let all = try Reconciliation(
      [], [.init(drop, Counts(drops: 3, bytes: 0, segments: 3))], in: [7], knowledge: .embedded)
    #expect(all.lines.isEmpty && all.uncounted.isEmpty)
    #expect(all.uncompared == [.init(name: "SOCKET_RCVBUFF", count: 3)])
  }

  @Test func `where counters were not read nothing is compared`() throws {
    let other = NetworkNamespace(inode: 8, name: "gone")
    let all = try Reconciliation(
      [Self.change("netstat", nil, "UdpRcvbufErrors", 4)],
      [Self.drops("SOCKET_RCVBUFF", 4), Self.drops("SOCKET_RCVBUFF", 9, in: other)],
      in: [7], knowledge: .embedded)
    #expect(all.lines.filter { $0.counter.namespace == 8 }.isEmpty)
    #expect(all.lines.allSatisfy { $0.counter.field != "UdpRcvbufErrors" || $0.explained == 4 })
    #expect(all.uncompared == [.init(name: "SOCKET_RCVBUFF", count: 9)])
    #expect(all.uncounted.isEmpty)
  }

  @Test func `what drops do not explain is the driver's or the NIC's`() throws {
    let line = try Self.line(
      "eth0 rx_dropped", [Self.change("link", "eth0", "rx_dropped", 54)],
      [
        Self.drops(
          "UNHANDLED_PROTO", 40, at: "__netif_receive_skb_core.constprop.0", "0x88b5", nil),
        Self.drops("UNHANDLED_PROTO", 5, at: "__netif_receive_skb_core", on: "eth1", "0x88b5", nil),
      ])
    #expect(
      line.text.hasPrefix(
        "eth0 rx_dropped +54 = 40 UNHANDLED_PROTO + 14 not seen as packet drops: "))
    #expect(line.remainder == 14)
  }

  @Test func `namespaces are kept apart`() throws {
    let blue = NetworkNamespace(inode: 8, name: "blue")
    let changes = [
      Self.change("netstat", nil, "UdpRcvbufErrors", 3),
      Self.change("netstat", nil, "UdpRcvbufErrors", 5, in: 8),
    ]
    let drops = [Self.drops("SOCKET_RCVBUFF", 3), Self.drops("SOCKET_RCVBUFF", 4, in: blue)]
    #expect(try Self.line("UdpRcvbufErrors", changes, drops).remainder == 0)
    #expect(try Self.line("UdpRcvbufErrors", changes, drops, in: 8).remainder == 1)
  }

  @Test func `what the kernel should have counted and did not is told too`() throws {
    let line = try Self.line("UdpRcvbufErrors", [], [Self.drops("SOCKET_RCVBUFF", 3)])
    #expect(line.excess == 3)
    #expect(line.text == "UdpRcvbufErrors +0 = 3 SOCKET_RCVBUFF, 3 more than it counted")
  }

  @Test func `a counter without drops has only a remainder, and its meaning`() throws {
    let line = try Self.line(
      "TcpExtListenOverflows", [Self.change("netstat", nil, "TcpExtListenOverflows", 15)], [])
    #expect(line.text.hasPrefix("TcpExtListenOverflows +15 = 15 not seen as packet drops: "))
  }

  @Test func `CPUs and queueing disciplines are summed`() throws {
    let changes = [
      Self.change("softnet", "cpu0", "dropped", 3, in: 0),
      Self.change("softnet", "cpu1", "dropped", 4, in: 0),
      Self.change("qdisc", "eth0 1:", "drops", 2), Self.change("qdisc", "eth0 2:", "drops", 1),
    ]
    let lines = try Reconciliation(changes, [], knowledge: .embedded).lines
    #expect(lines.map(\.counter.change).sorted() == [3, 7])
  }

  @Test func `drops that nothing counts are told`() throws {
    let reconciliation = try Reconciliation(
      [], [Self.drops("NETFILTER_DROP", 6), Self.drops("NO_SUCH_REASON", 2)], knowledge: .embedded)
    #expect(reconciliation.uncounted.contains(.init(name: "NO_SUCH_REASON", count: 2)))
  }
}
