/// How much was dropped.
package struct Counts: Equatable, Sendable, BitwiseCopyable {
  /// Packets as the kernel handles them (one `sk_buff` each).
  package var drops: UInt64
  /// Their lengths as they were at the drop, without what was already stripped.
  package var bytes: UInt64
  /// Packets as the wire would carry them: a GSO packet counts all its segments.
  package var segments: UInt64

  package init(drops: UInt64 = 0, bytes: UInt64 = 0, segments: UInt64 = 0) {
    self.drops = drops
    self.bytes = bytes
    self.segments = segments
  }

  package static let zero = Counts()

  package static func += (sum: inout Counts, other: Counts) {
    // A recording can hold any numbers; those of a kernel never wrap.
    sum.drops &+= other.drops
    sum.bytes &+= other.bytes
    sum.segments &+= other.segments
  }

  /// What came on top of an earlier reading of the same counters.
  package static func - (later: Counts, earlier: Counts) -> Counts {
    Counts(
      drops: later.drops &- earlier.drops, bytes: later.bytes &- earlier.bytes,
      segments: later.segments &- earlier.segments)
  }
}
