import Diagnosis
import DropModel
import Testing

struct LedgerTests {
  private func batch(_ drops: [(site: UInt64, reason: UInt32, drops: UInt64)]) -> DropBatch {
    var batch = DropBatch()
    batch.tallies = drops.map { drop in
      Tally(
        key: DropKey(site: drop.site, reason: drop.reason),
        counts: Counts(drops: drop.drops, bytes: drop.drops * 100, segments: drop.drops),
        first: MonotonicTime(nanoseconds: 10), last: MonotonicTime(nanoseconds: 10 + drop.site))
    }
    batch.loss = Loss(seen: batch.tallies.reduce(0) { $0 + $1.counts.drops })
    return batch
  }

  private func name(_ key: DropKey) -> Drop {
    Drop(
      reason: DropReason(subsystem: "core", name: "R\(key.reason)"),
      site: DropSite(address: key.site))
  }

  @Test func `intervals start anew and totals go on`() {
    var ledger = Ledger()
    ledger.add(batch([(1, 1, 5), (2, 1, 7)]))
    #expect(ledger.intervalDrops == 12)
    ledger.startInterval()
    ledger.add(batch([(1, 1, 3)]))
    #expect(ledger.intervalDrops == 3)
    #expect(ledger.total.drops == 15)
    #expect(ledger.sites == 2)
    let entry = ledger.entries[DropKey(site: 1, reason: 1)]
    #expect(entry?.interval.drops == 3)
    #expect(entry?.previous.drops == 5)
    #expect(entry?.total == Counts(drops: 8, bytes: 800, segments: 8))
  }

  @Test func `several batches of one interval add up`() {
    var ledger = Ledger()
    ledger.add(batch([(1, 1, 5)]))
    ledger.add(batch([(1, 1, 5)]))
    #expect(ledger.entries[DropKey(site: 1, reason: 1)]?.interval.drops == 10)
  }

  @Test func `most drops come first, and what is cut off is counted`() {
    var ledger = Ledger()
    ledger.add(batch([(1, 1, 5), (2, 2, 70), (3, 3, 6), (4, 4, 1)]))
    let rows = Ranking(limit: 2).rows(of: ledger, includesIdle: false, naming: name)
    #expect(rows.rows.map(\.interval.drops) == [70, 6])
    #expect(rows.hidden == 2)
    #expect(rows.hiddenDrops == 6)
  }

  @Test func `groups add up their keys`() {
    var ledger = Ledger()
    ledger.add(batch([(1, 1, 5), (2, 1, 70), (3, 3, 6)]))
    let rows = Ranking(dimensions: [.reason]).rows(of: ledger, includesIdle: false, naming: name)
    #expect(rows.rows.map(\.interval.drops) == [75, 6])
    #expect(rows.rows.map(\.drop.reason?.name) == ["R1", "R3"])
    #expect(rows.rows[0].drop.site == nil)
  }

  @Test(arguments: [
    (Ranking.Order.drops, ["R2", "R1", "R3"]), (.total, ["R3", "R2", "R1"]),
    (.name, ["R1", "R2", "R3"]), (.recent, ["R3", "R2", "R1"]),
    (.bytes, ["R2", "R1", "R3"]), (.segments, ["R2", "R1", "R3"]),
  ])
  func `rows are sorted as asked`(order: Ranking.Order, names: [String]) {
    var ledger = Ledger()
    ledger.add(batch([(3, 3, 1000)]))
    ledger.startInterval()
    ledger.add(batch([(1, 1, 5), (2, 2, 70), (3, 3, 1)]))
    let rows = Ranking(order: order).rows(of: ledger, includesIdle: true, naming: name)
    #expect(rows.rows.map { $0.drop.reason?.name } == names)
  }

  @Test func `what is idle is left out unless a screen keeps it`() {
    var ledger = Ledger()
    ledger.add(batch([(1, 1, 5)]))
    ledger.startInterval()
    #expect(Ranking().rows(of: ledger, includesIdle: false, naming: name).rows.isEmpty)
    let kept = Ranking().rows(of: ledger, includesIdle: true, naming: name).rows
    #expect(kept.map(\.change) == [.idle])
  }

  private static let moves: [(before: [UInt64], now: UInt64, change: Change)] = [
    ([], 5, .new), ([5], 5, .same), ([5], 6, .up), ([5], 4, .down), ([5], 0, .idle),
  ]

  @Test(arguments: moves)
  func `a row says how it moved`(before: [UInt64], now: UInt64, change: Change) {
    var ledger = Ledger()
    for drops in before {
      ledger.add(batch([(1, 1, drops)]))
      ledger.startInterval()
    }
    if now > 0 { ledger.add(batch([(1, 1, now)])) }
    let rows = Ranking().rows(of: ledger, includesIdle: true, naming: name).rows
    #expect(rows.first?.change == change)
  }
}
