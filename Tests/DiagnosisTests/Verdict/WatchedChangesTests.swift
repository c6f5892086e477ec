import DropModel
import Testing

@testable import Diagnosis

/// Which changes go with which drops.
struct WatchedChangesTests {
  private static let blue = NetworkNamespace(inode: 1, name: "blue")
  private static let red = NetworkNamespace(inode: 2, name: "red")

  private func time(_ milliseconds: UInt64) -> MonotonicTime {
    MonotonicTime(nanoseconds: (1_000_000 + milliseconds) * 1_000_000)
  }

  private func change(
    _ text: String, _ since: UInt64, _ time: UInt64, in namespace: NetworkNamespace? = blue
  ) -> StateChange {
    StateChange(.route, text, in: namespace, since: self.time(since), time: self.time(time))
  }

  private func finding(
    _ first: UInt64, _ last: UInt64, drops: UInt64, in namespace: NetworkNamespace? = blue
  ) -> Finding {
    var finding = Finding(name: "X", severity: .harmful, namespace: namespace)
    finding.counts.drops = drops
    (finding.first, finding.last) = (time(first), time(last))
    return finding
  }

  private func watched(_ list: StateChange...) -> WatchedChanges {
    WatchedChanges(list: list, begin: time(0))
  }

  @Test func `what changed within two seconds before the first drop goes with it`() {
    let changes = watched(
      change("late", 5100, 5300), change("just", 4800, 5010), change("near", 3100, 3300),
      change("early", 2500, 2900))
    #expect(changes.before(finding(5000, 9000, drops: 100)).map(\.text) == ["near", "just"])
  }

  @Test func `what changed elsewhere does not; what changed for all of the machine does`() {
    let changes = watched(
      change("red", 4700, 4900, in: Self.red), change("machine", 4700, 4950, in: nil))
    #expect(changes.before(finding(5000, 9000, drops: 100)).map(\.text) == ["machine"])
    #expect(
      changes.before(finding(5000, 9000, drops: 100, in: nil)).map(\.text) == ["red", "machine"])
  }

  @Test(arguments: [
    // At once; within the silence that must be; every second, of which one fell into the window.
    (50, 9000, 1000, false), (150, 150, 1, false), (900, 8900, 9, false),
    (-1, 9000, 10, false), (2900, 3900, 2, false),
    // After a silence that is long beside what lies between two of them.
    (250, 250, 1, true), (3100, 4100, 2, true), (5000, 9000, 100, true),
  ])
  func `drops that ran before have no beginning`(
    first: Int, last: UInt64, drops: UInt64, isSeen: Bool
  ) {
    var finding = finding(0, last, drops: drops)
    finding.first = MonotonicTime(nanoseconds: UInt64(1_000_000 + first) * 1_000_000)
    let changes = watched(
      change("just", UInt64(max(0, first - 200)), UInt64(max(0, first - 10))))
    #expect(changes.sawBeginning(of: finding) == isSeen)
    #expect(changes.before(finding).isEmpty != isSeen)
  }

  @Test func `what lies between looks too far apart goes with nothing`() {
    #expect(watched(change("vague", 1000, 5500)).before(finding(5000, 9000, drops: 9)).isEmpty)
  }

  @Test func `those next to the first drop are told`() {
    let many = (0..<100).map { change("\($0)", 4000, 4500 + UInt64($0)) }
    let changes = WatchedChanges(list: many, begin: time(0))
    let told = changes.before(finding(5000, 9000, drops: 100))
    #expect(told.count == WatchedChanges.most)
    #expect(told.last?.text == "99")
  }

  @Test func `how far away it was is told as far as it is known`() {
    #expect(change("x", 4000, 4250).distance(to: time(5000)) == "0.8 s before")
    #expect(
      change("x", 4900, 5110).distance(to: time(5000)) == "up to 0.1 s before or 0.2 s after")
  }
}
