/// What one key gained since the last reading.
package struct Tally: Equatable, Sendable, BitwiseCopyable {
  package var key: DropKey
  package var counts: Counts
  /// The first drop ever of this key; `CLOCK_MONOTONIC`, exact to a timer tick.
  package var first: MonotonicTime
  /// Its latest drop.
  package var last: MonotonicTime

  package init(key: DropKey, counts: Counts, first: MonotonicTime, last: MonotonicTime) {
    self.key = key
    self.counts = counts
    self.first = first
    self.last = last
  }
}

/// Nanoseconds of `CLOCK_MONOTONIC`, the clock of the kernel's own events.
package struct MonotonicTime: Comparable, Hashable, Sendable, BitwiseCopyable {
  package var nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}
