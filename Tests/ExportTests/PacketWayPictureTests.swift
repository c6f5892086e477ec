import DropModel
import Testing

@testable import Diagnosis
@testable import Export

struct PacketWayPictureTests {
  private func finding(_ name: String, _ drops: UInt64) throws -> Finding {
    var finding = Finding(
      name: name, entry: try Knowledge.embedded.entry(name), severity: .harmful)
    finding.counts = Counts(drops: drops, bytes: 0, segments: drops)
    return finding
  }

  @Test func `each station has a line, those without loss a dot`() throws {
    let counters = ["UdpInErrors", "UdpRcvbufErrors"].map {
      CounterChange(family: "netstat", field: $0, namespace: 7, change: 1495)
    }
    let way = PacketWay(
      [
        try finding("SOCKET_RCVBUFF", 1495), try finding("QDISC_DROP", 31),
        try finding("unknown", 3),
      ], try Reconciliation(counters, [], knowledge: .embedded))
    let unseen = "(1,495 not seen as drops)"
    #expect(
      way.picture == [
        "  from the wire                      drops",
        "  │ NIC                                  ·",
        "  │ driver                               ·",
        "  │ XDP                                  ·",
        "  │ GRO                                  ·",
        "  │ CPU backlog                          ·",
        "  │ tc ingress                           ·",
        "  │ bridge, switch                       ·",
        "  │ protocol hand-over                   ·",
        "  │ IP header                            ·",
        "  │ netfilter                            ·",
        "  │ routing                              ·",
        "  │ transport                            ·",
        "  ▼ socket                           1,495  SOCKET_RCVBUFF,",
        "                                            UdpInErrors +1,495 \(unseen),",
        "                                            UdpRcvbufErrors +1,495 \(unseen)",
        "  from the programs, or passed on",
        "  │ neighbour (ARP, NDISC)               ·",
        "  │ tc egress                            ·",
        "  │ qdisc                               31  QDISC_DROP",
        "  ▼ transmit                             ·",
        "  and 3 drops of which nobody knows where they belong",
      ])
  }
}
