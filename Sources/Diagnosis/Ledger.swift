package import DropModel

/// The one place that adds: what each key dropped in this interval, in the last, and in all.
package struct Ledger: Sendable {
  /// One key's line in the ledger.
  package struct Entry: Sendable {
    /// In the interval that is running.
    package var interval = Counts.zero
    /// In the interval before.
    package var previous = Counts.zero
    /// Since the start.
    package var total = Counts.zero
    package var first = MonotonicTime(nanoseconds: .max)
    package var last = MonotonicTime(nanoseconds: 0)
  }

  package private(set) var entries: [DropKey: Entry] = [:]
  /// The account as of the latest batch.
  package private(set) var loss = Loss()
  /// Everything that was added.
  package private(set) var total = Counts.zero

  package init() {}

  /// Everything of the interval that is running.
  package var intervalDrops: UInt64 { entries.values.reduce(0) { $0 + $1.interval.drops } }

  /// How many different places packets were dropped at; each trap of the hardware's is one.
  package var sites: Int {
    Set(entries.keys.lazy.map { $0.isHardware ? UInt64($0.reason) : $0.site }).count
  }

  /// Adds what a source told.
  package mutating func add(_ batch: DropBatch) {
    for tally in batch.tallies {
      var entry = entries[tally.key, default: Entry()]
      entry.interval += tally.counts
      entry.total += tally.counts
      entry.first = min(entry.first, tally.first)
      entry.last = max(entry.last, tally.last)
      entries[tally.key] = entry
      total += tally.counts
    }
    loss = batch.loss
  }

  /// Ends the running interval: from now on it is the one before.
  package mutating func startInterval() {
    // The keys are few beside what is dropped; a pass over them costs microseconds.
    for index in entries.values.indices {
      let interval = entries.values[index].interval
      entries.values[index].previous = interval
      entries.values[index].interval = .zero
    }
  }
}
