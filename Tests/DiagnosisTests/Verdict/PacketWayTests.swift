import DropModel
import Testing

@testable import Diagnosis

struct PacketWayTests {
  private func finding(_ name: String, _ drops: UInt64) throws -> Finding {
    var finding = Finding(
      name: name, entry: try Knowledge.embedded.entry(name), severity: .harmful)
    finding.counts = Counts(drops: drops, bytes: 0, segments: drops)
    return finding
  }

  @Test func `drops and counters stand at their station, in the order of the way`() throws {
    let reconciliation = try Reconciliation(
      [
        CounterChange(family: "netstat", field: "UdpRcvbufErrors", namespace: 7, change: 60),
        CounterChange(family: "netstat", field: "UdpRcvbufErrors", namespace: 8, change: 5),
        CounterChange(
          family: "link", instance: "eth0", field: "rx_missed_errors", namespace: 7, change: 3),
      ],
      [
        ReconciliationTests.drops("SOCKET_RCVBUFF", 50),
        ReconciliationTests.drops(
          "SOCKET_RCVBUFF", 5, in: NetworkNamespace(inode: 8, name: "blue")),
      ], knowledge: .embedded)
    let way = PacketWay(
      [
        try finding("SOCKET_RCVBUFF", 50), try finding("SOCKET_RCVBUFF", 5),
        try finding("NETFILTER_DROP", 7), try finding("nobody knows", 2),
      ], reconciliation)
    #expect(way.stops.map(\.station) == Station.allCases)
    #expect(way.unplaced == 2)
    let loud = way.stops.filter { !$0.isQuiet }
    #expect(loud.map(\.station) == [.nic, .netfilter, .socket])
    #expect(loud.map(\.drops) == [0, 7, 55])
    #expect(loud[0].counters == [.init(kind: "link.rx_missed_errors", change: 3, remainder: 3)])
    #expect(loud[2].counters == [.init(kind: "netstat.UdpRcvbufErrors", change: 65, remainder: 10)])
    #expect(!way.isQuiet)
    #expect(PacketWay([], nil).isQuiet)
  }
}
