internal import Bytes
internal import Diagnosis
package import DropModel
package import DropSources
internal import FoundationEssentials
internal import PacketChunks

/// A recording as a source: what the live one told, interval by interval, in the same numbers.
///
/// Each reading advances by one step. Packets can be had before it, a chunk at a time.
package final class RecordingSource: DropSource {
  package let description: SourceDescription
  package let wakeDescriptor: Int32? = nil

  private let file: RecordingFile
  private let steps: [ArraySlice<RecordedInterval>]
  private var step = 0
  private var account = Loss()
  private lazy var numbers = ChunkNumbers(file, ofPackets: handsOver)
  private var chunk: Int64 = 0
  private let handsOver: Bool

  /// Reads the intervals whose middle lies in `range`, all without one; packets go with theirs, so
  /// that counts and packets are of the same time.
  ///
  /// `length` is the time that a reading advances by, in whole intervals; nil for all at once. With
  /// `handsOver` packets are read as well.
  package init(
    _ file: RecordingFile, range: Range<WallTime>? = nil, advancingBy length: Duration? = nil,
    handsOver: Bool
  ) {
    self.file = file
    self.handsOver = handsOver
    description = file.run.session.source
    let intervals = file.intervals.filter { range?.contains($0.middle) ?? true }
    steps = Self.steps(of: intervals[...], advancingBy: length)
  }

  /// Whether everything has been read.
  package var isAtEnd: Bool { step >= steps.count }

  /// What the next reading is of: when it ends and how long it is; nil at the end.
  package var next: (ended: WallTime, duration: Duration)? {
    guard !isAtEnd, let last = steps[step].last else { return nil }
    return (last.ended, steps[step].reduce(.zero) { $0 + $1.duration })
  }

  /// All of the time that is read.
  package var duration: Duration {
    steps.joined().reduce(.zero) { $0 + $1.duration }
  }

  package func read(into batch: inout DropBatch) throws(SourceError) {
    guard !isAtEnd else { return }
    let intervals = steps[step]
    while try readChunk(into: &batch) {}
    if let first = intervals.first, let last = intervals.last {
      batch.clock = last.clock
      readTallies(from: first.number, to: last.number, into: &batch)
      readNotes(from: first.number, to: last.number, into: &batch)
    }
    for interval in intervals { account += interval.gained }
    batch.loss = account
    step += 1
  }

  /// Adds the next chunk of packets, which come before the reading that their interval is in.
  package func readPackets(into batch: inout DropBatch) throws(SourceError) {
    _ = try readChunk(into: &batch)
  }

  /// Adds what has not been read yet.
  package func stop(into batch: inout DropBatch) throws(SourceError) {
    while !isAtEnd { try read(into: &batch) }
  }

  /// Adds the next chunk of the present step; says whether there was one.
  private func readChunk(into batch: inout DropBatch) throws(SourceError) -> Bool {
    guard handsOver, !isAtEnd, let first = steps[step].first, let last = steps[step].last else {
      return false
    }
    // Not to be read from within another reading.
    let numbers = self.numbers
    var isThere = false
    file.rows(
      of: "packets",
      """
      SELECT id, interval, data FROM packets WHERE id > ? AND interval BETWEEN ? AND ?
      ORDER BY id LIMIT 1
      """, [chunk, first.number, last.number]
    ) { row in
      chunk = try row.integer(0)
      isThere = true
      let interval = try row.integer(1)
      batch.clock = steps[step].last { $0.number <= interval }?.clock ?? first.clock
      let data = try row.bytes(2)
      do throws(PacketChunkError) {
        try batch.packets.append(chunk: data.bytes, numbers)
      } catch {
        file.note(damageOf: "packets", "\(error)")
      }
    }
    return isThere
  }

  private func readTallies(from first: Int64, to last: Int64, into batch: inout DropBatch) {
    let keys = numbers.keys
    file.rows(
      of: "tallies",
      """
      SELECT key, sum(drops), sum(bytes), sum(segments), min(first), max(last) FROM tallies
      WHERE interval BETWEEN ? AND ? GROUP BY key
      """, [first, last]
    ) { row in
      guard let key = keys[try row.integer(0)] else { throw RecordedRow.Unexpected(column: 0) }
      batch.tallies.append(
        Tally(
          key: key,
          counts: Counts(
            drops: try row.count(1), bytes: try row.number(2), segments: try row.number(3)),
          first: MonotonicTime(nanoseconds: try row.number(4)),
          last: MonotonicTime(nanoseconds: try row.number(5))))
    }
  }

  private func readNotes(from first: Int64, to last: Int64, into batch: inout DropBatch) {
    file.rows(
      of: "notes", "SELECT text FROM notes WHERE interval BETWEEN ? AND ?", [first, last]
    ) { row in
      batch.notes.append(try row.text(0))
    }
  }

  private static func steps(
    of intervals: ArraySlice<RecordedInterval>, advancingBy length: Duration?
  ) -> [ArraySlice<RecordedInterval>] {
    guard let length else { return intervals.isEmpty ? [] : [intervals] }
    var steps: [ArraySlice<RecordedInterval>] = []
    var start = intervals.startIndex
    var sum = Duration.zero
    for index in intervals.indices {
      sum += intervals[index].duration
      // Intervals are never exactly as long as they were to be.
      guard sum + intervals[index].duration / 2 >= length || index == intervals.endIndex - 1 else {
        continue
      }
      steps.append(intervals[start...index])
      start = index + 1
      sum = .zero
    }
    return steps
  }
}

extension Loss {
  /// Adds what an account gained.
  fileprivate static func += (sum: inout Loss, gain: Loss) {
    sum.seen &+= gain.seen
    sum.tallied &+= gain.tallied
    sum.overflowed &+= gain.overflowed
    sum.filtered &+= gain.filtered
    sum.excluded &+= gain.excluded
    sum.offered &+= gain.offered
    sum.delivered &+= gain.delivered
    sum.limited &+= gain.limited
    sum.lost &+= gain.lost
    sum.missed &+= gain.missed
    if gain.isInterrupted { sum.isInterrupted = true }
  }
}
