internal import BPF
internal import CDropRecords
internal import DropModel

/// Turns the kernel's ever-growing counters into what each key gained since the last reading.
struct TallyReader {
  private var previous: [DropKey: Counts] = [:]

  /// All drops read so far.
  private(set) var tallied: UInt64 = 0

  /// Reads a whole map and appends the keys that gained something; returns those that are new.
  ///
  /// `name` makes everybody's key of the map's, a different one of each.
  mutating func read<Key: BitwiseCopyable>(
    _ map: BPFMap, into batch: inout DropBatch, naming name: (Key, inout DropBatch) -> DropKey
  ) throws(BPFError) -> [DropKey] {
    var newKeys: [DropKey] = []
    try map.forEach(keys: Key.self, values: drop_tally.self) { key, shares in
      var counts = Counts.zero
      var first = UInt64.max
      var last: UInt64 = 0
      for share in shares where share.drops > 0 {
        counts += Counts(drops: share.drops, bytes: share.bytes, segments: share.segments)
        first = min(first, share.first)
        last = max(last, share.last)
      }
      guard counts.drops > 0 else { return }
      let key = name(key, &batch)
      let earlier = previous[key]
      let gained = counts - (earlier ?? .zero)
      guard gained.drops > 0 else { return }
      if earlier == nil { newKeys.append(key) }
      previous[key] = counts
      tallied += gained.drops
      batch.tallies.append(
        Tally(
          key: key, counts: gained, first: MonotonicTime(nanoseconds: first),
          last: MonotonicTime(nanoseconds: last)))
    }
    return newKeys
  }
}
