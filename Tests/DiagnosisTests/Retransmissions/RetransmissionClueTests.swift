import DropModel
import Testing

@testable import Diagnosis

struct RetransmissionClueTests {
  private func change(
    _ field: String, _ change: UInt64, in namespace: UInt32 = 7
  ) -> CounterChange {
    CounterChange(family: "netstat", field: field, namespace: namespace, change: change)
  }

  @Test func `counters that bear on it are clues, those of all namespaces as one`() throws {
    let clues = try RetransmissionClue.all(
      [
        change("TcpExtListenOverflows", 15), change("TcpExtListenOverflows", 2, in: 8),
        change("TcpExtTCPToZeroWindowAdv", 3), change("UdpRcvbufErrors", 99),
        change("IcmpInDestUnreachs", 0),
      ], knowledge: .embedded)
    #expect(
      clues.map(\.counter) == [
        "netstat.TcpExtListenOverflows", "netstat.TcpExtTCPToZeroWindowAdv",
      ])
    #expect(clues.map(\.count) == [17, 3])
    #expect(clues[0].text.hasPrefix("TcpExtListenOverflows +17: Listeners here were full"))
  }

  @Test func `what was refused on its way in is its senders' to send again`() throws {
    func finding(_ name: String, _ transport: String, _ severity: Severity) throws -> Finding {
      var finding = Finding(
        name: name, entry: try Knowledge.embedded.entry(name), severity: severity)
      finding.kinds = [
        (Drop(transport: transport), Counts(drops: 4, bytes: 0, segments: 9))
      ]
      return finding
    }
    let clue = RetransmissionClue.received([
      try finding("NETFILTER_DROP", "tcp", .suspicious),
      try finding("SOCKET_RCVBUFF", "udp", .harmful), try finding("TCP_OLD_DATA", "tcp", .benign),
      try finding("QDISC_DROP", "tcp", .harmful),
    ])
    #expect(clue?.count == 9)
    #expect(clue?.text.contains("(NETFILTER_DROP 9)") == true)
    #expect(RetransmissionClue.received([]) == nil)
  }
}
