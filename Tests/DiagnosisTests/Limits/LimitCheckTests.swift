import Diagnosis
import DropModel
import Testing

struct LimitCheckTests {
  private func drop(_ reason: String?, subsystem: String = "core", in function: String) -> Drop {
    Drop(
      reason: reason.map { DropReason(subsystem: subsystem, name: $0) },
      site: DropSite(address: 1, symbol: function))
  }

  private func check(
    _ limits: [DropLimit], _ kinds: [(drop: Drop, drops: UInt64)], missed: UInt64 = 0,
    overflowed: UInt64 = 0, isInterrupted: Bool = false
  ) -> LimitCheck {
    var loss = Loss(overflowed: overflowed, missed: missed)
    loss.isInterrupted = isInterrupted
    let session = Session(
      version: "1", source: SourceDescription(name: "ebpf", mechanism: "tp_btf", blindSpots: []),
      kernel: "6.18", host: "here", started: WallTime(nanoseconds: 0))
    return LimitCheck(limits, of: kinds, session: session, duration: .seconds(1), loss: loss)
  }

  @Test(arguments: [
    ("NO_SOCKET", 25), ("no_socket", 25), ("OVERLIMIT", 7), ("qdisc/OVERLIMIT", 7),
    ("udp_rcv", 20), ("tcp_v4_rcv", 5), (nil, 33), ("CPU_BACKLOG", 0),
  ])
  func `a limit counts its reason, its function, or everything`(name: String?, drops: UInt64) {
    let check = check(
      [DropLimit(name: name, most: 10)],
      [
        (drop("NO_SOCKET", in: "udp_rcv.isra.0"), 20), (drop("NO_SOCKET", in: "tcp_v4_rcv"), 5),
        (drop("OVERLIMIT", subsystem: "qdisc", in: "dequeue"), 7),
        (drop("NOT_SPECIFIED", in: "other"), 1),
      ])
    #expect(check.results[0].drops == drops)
    #expect(check.results[0].outcome == (drops > 10 ? .exceeded : .kept))
    #expect(check.isPassed == (drops <= 10))
  }

  @Test func `as many as are allowed is kept, one more is not`() {
    let kinds = [(drop: drop("NO_SOCKET", in: "f"), drops: UInt64(10))]
    #expect(check([DropLimit(name: nil, most: 10)], kinds).isPassed)
    #expect(!check([DropLimit(name: nil, most: 9)], kinds).isPassed)
  }

  @Test func `what was missed makes it unknown only where that decides`() {
    let kinds = [(drop: drop("NO_SOCKET", in: "f"), drops: UInt64(10))]
    func outcome(_ most: UInt64, missed: UInt64 = 0, overflowed: UInt64 = 0)
      -> LimitCheck.Result.Outcome
    {
      check(
        [DropLimit(name: "NO_SOCKET", most: most)], kinds, missed: missed, overflowed: overflowed
      ).results[0].outcome
    }
    #expect(outcome(15, missed: 5) == .kept)
    #expect(outcome(14, missed: 5) == .unknown)
    #expect(outcome(14, missed: 3, overflowed: 2) == .unknown)
    #expect(outcome(9, missed: 5) == .exceeded)
    #expect(outcome(.max, missed: .max) == .unknown)
  }

  @Test func `an interrupted watch passes nothing`() {
    let check = check([DropLimit(name: nil, most: .max)], [], isInterrupted: true)
    #expect(!check.isPassed)
    #expect(check.verdict.contains("ended by somebody else"))
  }

  @Test func `drops without a reason may be of any, and are in the total`() {
    let kinds = [(drop: drop(nil, in: "f"), drops: UInt64(10))]
    #expect(check([DropLimit(name: "NO_SOCKET", most: 5)], kinds).results[0].outcome == .unknown)
    #expect(check([DropLimit(name: "NO_SOCKET", most: 10)], kinds).results[0].outcome == .kept)
    #expect(check([DropLimit(name: "f", most: 5)], kinds).results[0].outcome == .exceeded)
    #expect(check([DropLimit(name: nil, most: 5)], kinds).results[0].outcome == .exceeded)
  }

  @Test func `a command that failed fails what else passed`() {
    var check = check([DropLimit(name: nil, most: 0)], [])
    #expect(check.isPassed)
    check.command = LimitCheck.Command(
      words: ["make"], ending: "make ended with status 2", hasFailed: true)
    #expect(!check.isPassed)
    #expect(check.verdict == "Failed: make ended with status 2.")
  }
}
