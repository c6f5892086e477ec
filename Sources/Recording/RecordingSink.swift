package import Bytes
package import Diagnosis
package import DropModel
internal import Export

/// The sink of `dropwatch record`: keeps all that a run tells, with its names, in a file.
///
/// An interval is made safe when it ends, packets after a second at the latest. When a file cannot
/// be written any more, what is safe stays safe, and the error says how much that is.
package final class RecordingSink: Sink {
  private let place: RecordingPath
  private let overwrites: Bool
  private let context: RecordingContext
  /// Bytes after which a file is ended and the next one begun; nil for one file.
  private let rotationBytes: UInt64?
  private var session: Session?
  private var writer: RecordingWriter?
  private var clock = ClockOffset.now
  /// The account when the interval before ended.
  private var account = Loss()
  private var committed = MonotonicTime.now

  package private(set) var progress = RecordingProgress()

  /// Checks where the recording is to go; nothing is written before ``begin(_:)``.
  package init(
    _ place: RecordingPath, overwrites: Bool = false, rotationBytes: UInt64? = nil,
    context: RecordingContext = RecordingContext()
  ) throws(RecordingError) {
    try place.check(overwrites: overwrites)
    self.place = place
    self.overwrites = overwrites
    self.rotationBytes = rotationBytes
    self.context = context
  }

  package let showsIdle = false

  package func begin(_ session: Session) throws(WriteError) {
    self.session = session
    try storing {
      try place.create(overwrites: overwrites)
      try open(session)
    }
  }

  package func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {
    clock = batch.clock
    progress.pending.packets += UInt64(batch.packets.packets.count)
    for tally in batch.tallies { progress.pending.drops += tally.counts.drops }
    try storing {
      try writer?.append(batch, naming: names)
      // Tallies come at the end of an interval, which is made safe at once.
      guard batch.tallies.isEmpty, committed.duration(to: .now) >= .seconds(1) else { return }
      try writer?.commit()
      isSafe(at: .now)
    }
  }

  package func show(_ report: Report, notes: [String]) throws(WriteError) {
    progress.pending.intervals += 1
    try storing {
      guard let writer else { return }
      try writer.endInterval(
        at: report.time, after: report.interval, clock: clock,
        gained: report.loss.gained(since: account), notes: notes)
      isSafe(at: report.time)
      account = report.loss
      try measure(writer)
      if let rotationBytes, progress.fileBytes >= rotationBytes, !report.isLast {
        try rotate(at: report.time)
      }
    }
  }

  package func end(_ summary: Summary) throws(WriteError) {
    do {
      if let writer { try measure(writer) }
      try writer?.finish(at: summary.time, isLast: true)
    } catch {
      throw .refused(
        "cannot end \(place.path) properly: \(reason(of: error)). All of it is safe in that file and "
          + "\(place.path)-wal: keep both")
    }
    writer = nil
  }

  private func open(_ session: Session) throws {
    progress.files += 1
    writer = try RecordingWriter(
      path: place.path, session: session, context: context, part: progress.files)
    committed = .now
  }

  private func rotate(at time: WallTime) throws {
    guard let session else { return }
    try writer?.finish(at: time, isLast: false)
    writer = nil
    try place.rotate()
    try place.create(overwrites: false)
    progress.fileBytes = 0
    try open(session)
  }

  private func measure(_ writer: RecordingWriter) throws {
    let size = try writer.size()
    progress.bytes += size - min(progress.fileBytes, size)
    progress.fileBytes = size
  }

  private func isSafe(at time: WallTime) {
    committed = .now
    progress.safe += progress.pending
    progress.pending = RecordedAmount()
    progress.safeUntil = time
  }

  private func storing(_ body: () throws -> Void) throws(WriteError) {
    do {
      try body()
    } catch let error as RecordingError {
      throw .refused(error.description)
    } catch {
      writer = nil
      throw .refused(
        "cannot write \(place.path): \(reason(of: error)). \(progress.safeSentence)")
    }
  }
}

extension RecordingProgress {
  /// What is safe and what is lost when no more can be written.
  var safeSentence: String {
    guard let safeUntil else { return "Nothing was recorded" }
    let end =
      pending == RecordedAmount()
      ? "" : "; lost are \(pending.drops) drops and \(pending.packets) packets read since"
    return "What was recorded until \(safeUntil.localClock) is safe: \(safe.drops) drops and "
      + "\(safe.packets) packets in \(safe.intervals) intervals\(end)"
  }
}

extension Loss {
  /// What an account gained since an earlier one of the same run.
  fileprivate func gained(since earlier: Loss) -> Loss {
    var gain = Loss(
      seen: seen &- earlier.seen, tallied: tallied &- earlier.tallied,
      overflowed: overflowed &- earlier.overflowed, filtered: filtered &- earlier.filtered,
      excluded: excluded &- earlier.excluded, offered: offered &- earlier.offered,
      delivered: delivered &- earlier.delivered, limited: limited &- earlier.limited,
      lost: lost &- earlier.lost, missed: missed &- earlier.missed)
    gain.isInterrupted = isInterrupted
    return gain
  }
}
