import Diagnosis
import DropModel
import Testing

struct RetransmissionVerdictTests {
  private func drop(_ reason: String?) -> Drop {
    Drop(
      reason: reason.map { DropReason(subsystem: "core", name: $0) },
      site: DropSite(address: 1, symbol: "f"))
  }

  private func route(_ device: String?) -> Drop {
    Drop(device: device.map { Device(index: 2, name: $0) })
  }

  private func retransmission(
    _ match: Retransmission.Match, to address: UInt32 = 0x0A00_0001, segments: UInt32 = 1,
    error: Int32? = nil
  ) -> Retransmission {
    Retransmission(
      time: MonotonicTime(nanoseconds: 1),
      flow: TCPFlow(
        source: IPAddress(v4: 1), sourcePort: 1, destination: IPAddress(v4: address),
        destinationPort: 80),
      start: 0, end: 1000, segments: segments, error: error, match: match)
  }

  @Test func `nothing is a verdict as well`() {
    var verdict = RetransmissionVerdict()
    #expect(verdict.sentence == "no retransmissions")
    #expect(verdict.caveats.isEmpty)
    verdict.loss.lost = 3
    verdict.loss.lostSegments = 5
    #expect(verdict.sentence.hasPrefix("no retransmissions that were told, but 5 more"))
  }

  @Test func `what was dropped here and what was lost beyond`() {
    var verdict = RetransmissionVerdict()
    for _ in 0..<31 {
      verdict.add(
        retransmission(.exact), cause: drop("NETFILTER_DROP"), route: route("eth1"))
    }
    for number in 0..<UInt32(6) {
      verdict.add(
        retransmission(.none, to: 0x0A00_0001 | number << 21), cause: nil, route: route("eth1"))
    }
    #expect(
      verdict.sentence
        == "37 retransmissions: 31 after drops on this machine (NETFILTER_DROP), 6 with no local drop: lost beyond this machine's view, toward 10.0.0.0/8 by eth1"
    )
    #expect(verdict.counts.total == 37)
    #expect(verdict.calls == 37)
  }

  @Test func `each kind has its words, and reasons their shares`() {
    var verdict = RetransmissionVerdict()
    verdict.add(
      retransmission(.exact, segments: 5), cause: drop("TCP_CSUM"), route: route("eth0"))
    verdict.add(retransmission(.exact), cause: drop(nil), route: route("eth0"))
    verdict.add(
      retransmission(.acknowledgement), cause: drop("NETFILTER_DROP"), route: route("eth0"))
    verdict.add(
      retransmission(.receiver), cause: drop("TCP_ZEROWINDOW"), route: route("eth0"))
    verdict.add(retransmission(.flow), cause: drop("TCP_CSUM"), route: route("eth0"))
    verdict.add(retransmission(.none, error: 1), cause: nil, route: route("lo"))
    verdict.add(retransmission(.none), cause: nil, route: route(nil))
    verdict.add(retransmission(.none, segments: 2), cause: nil, route: route("eth0"))
    #expect(
      verdict.sentence
        == "13 retransmissions: 6 after drops on this machine (TCP_CSUM 5, f 1), 1 after drops of the acknowledgement on this machine (NETFILTER_DROP), 1 that the receiver on this machine refused (TCP_ZEROWINDOW), 1 of connections that lost only other segments on this machine (TCP_CSUM), 1 over lo with no drop that the kernel told of, 3 with no local drop: lost beyond this machine's view, toward 10.0.0.1 by eth0 (2), 10.0.0.1 (1)"
    )
    #expect(verdict.failed == 1)
    #expect(verdict.caveats.count == 1)
  }

  @Test func `peers are ranked, and told apart by the way there`() {
    var verdict = RetransmissionVerdict()
    verdict.add(retransmission(.none, to: 1), cause: nil, route: route("a"))
    verdict.add(retransmission(.none, to: 1, segments: 3), cause: nil, route: route("b"))
    verdict.add(retransmission(.exact, to: 1), cause: drop("X"), route: route("a"))
    let peers = verdict.rankedPeers
    #expect(peers.map(\.counts.total) == [3, 2])
    #expect(peers.map(\.peer.route.device?.name) == ["b", "a"])
    #expect(peers[1].counts[.exact] == 1 && peers[1].counts[.none] == 1)
  }

  @Test func `what could not be compared is said`() {
    var verdict = RetransmissionVerdict()
    verdict.add(retransmission(.none), cause: nil, route: route("eth0"))
    verdict.loss = RetransmissionLoss(
      seen: 3, told: 1, lost: 2, lostSegments: 4, unreadable: 5, unstored: 6, forgottenFlows: 7,
      missed: 8)
    #expect(verdict.sentence.contains("; 4 more were not told"))
    #expect(verdict.caveats.contains { $0.hasPrefix("19 drops of TCP segments") })
    #expect(verdict.caveats.contains { $0.contains("7 connections were forgotten") })
    #expect(verdict.loss.isLossy && verdict.loss.isConserved)
  }
}
