import DropModel
import Glibc
import Testing

@testable import Diagnosis

/// What differs between two recordings, and what is noise.
struct DifferenceTests {
  private static let reason = Drop(reason: DropReason(subsystem: "core", name: "NO_SOCKET"))

  private func counts(_ intervals: [UInt64], of drop: Drop = reason) -> DropCounts {
    var counts = DropCounts()
    for drops in intervals {
      if drops > 0 { counts.add(drops, of: drop, kind: drop) }
      counts.endInterval(after: .seconds(1))
    }
    return counts
  }

  @Test(arguments: [
    // R: binom.test(after, before + after, share), doubled smaller tail.
    (0.0, 5.0, 0.5, 0.0625), (5, 0, 0.5, 0.0625), (0, 8, 0.5, 0.0078125), (10, 10, 0.5, 1),
    (1, 9, 0.5, 0.021484375), (3, 3, 0.25, 0.3388671875), (0, 0, 0.5, 1),
  ])
  func `small counts are compared exactly`(
    before: Double, after: Double, share: Double, expected: Double
  ) {
    let probability = Difference.probability(before, after, share: share)
    #expect(abs(probability - expected) < 1e-9)
  }

  @Test func `large counts are compared as the exact test would`() {
    let exact = Difference.probability(4900, 5100, share: 0.5)
    let normal = Difference.probability(4901, 5101, share: 0.5)
    #expect(abs(exact - normal) < 0.002)
    #expect(Difference.probability(1e6, 1.01e6, share: 0.5) < 1e-6)
    #expect(Difference.probability(0, 1e9, share: 0.5) == 0)
  }

  @Test func `equal rates are no difference however long was watched`() throws {
    let all = Difference.all(before: counts([10]), after: counts([10, 10, 10, 10]))
    let difference = try #require(all.first)
    #expect(difference.change == .same && !difference.isSignificant)
  }

  @Test(
    arguments: [
      ([0, 0], [9, 9], Difference.Change.new, true), ([9, 9], [0, 0], .gone, true),
      ([9, 9], [30, 30], .up, true), ([30, 30], [9, 9], .down, true),
      ([9, 9], [10, 9], .up, false),
      ([0, 0], [1, 0], .new, false),
    ] as [([UInt64], [UInt64], Difference.Change, Bool)])
  func `changes are told with whether they are more than noise`(
    before: [UInt64], after: [UInt64], change: Difference.Change, isSignificant: Bool
  ) throws {
    let difference = try #require(
      Difference.all(before: counts(before), after: counts(after)).first)
    #expect(difference.change == change)
    #expect(difference.isSignificant == isSignificant)
  }

  @Test func `one burst is one event, however many drops it had`() throws {
    let quiet: [UInt64] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    var burst = quiet
    burst[3] = 1000
    let difference = try #require(
      Difference.all(before: counts(quiet), after: counts(burst)).first)
    #expect(difference.change == .new && !difference.isSignificant)
    let steady = [UInt64](repeating: 100, count: 10)
    let other = try #require(
      Difference.all(before: counts(quiet), after: counts(steady)).first)
    #expect(other.isSignificant)
  }

  @Test func `the same drop has one kind on every boot, and offsets count on one kernel only`() {
    func drop(_ address: UInt64, _ index: UInt32, _ namespace: String, offset: UInt64) -> Drop {
      Drop(
        site: DropSite(address: address, symbol: "tcp_v4_rcv", offset: offset, size: 9),
        namespace: NetworkNamespace(inode: index, name: namespace),
        device: Device(index: index, name: "eth0"))
    }
    let all = Set(Dimension.allCases)
    let one = drop(1, 1, "nginx[812]", offset: 0x9E)
    let same = drop(2, 2, "nginx[90]", offset: 0x9E)
    let moved = drop(3, 3, "nginx[7]", offset: 0xA0)
    #expect(one.kind(all, isSameKernel: true) == same.kind(all, isSameKernel: true))
    #expect(one.kind(all, isSameKernel: true) != moved.kind(all, isSameKernel: true))
    #expect(one.kind(all, isSameKernel: false) == moved.kind(all, isSameKernel: false))
  }
}
