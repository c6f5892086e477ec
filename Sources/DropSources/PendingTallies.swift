internal import DropModel

/// Drops that a source adds up itself, until they are read.
struct PendingTallies {
  private var tallies: [DropKey: Tally] = [:]

  /// All drops added so far, read or not.
  private(set) var total: UInt64 = 0

  /// Adds drops of one key that were seen at one time.
  mutating func add(_ counts: Counts, of key: DropKey, at time: MonotonicTime) {
    total += counts.drops
    var tally =
      tallies[key] ?? Tally(key: key, counts: .zero, first: time, last: time)
    tally.counts += counts
    tally.first = min(tally.first, time)
    tally.last = max(tally.last, time)
    tallies[key] = tally
  }

  /// Hands them over.
  mutating func drain(into batch: inout DropBatch) {
    batch.tallies.append(contentsOf: tallies.values)
    tallies.removeAll(keepingCapacity: true)
  }
}
