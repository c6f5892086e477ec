internal import Bytes
internal import Diagnosis
internal import DropModel
internal import Export
internal import Recording
internal import Terminal

/// What `record` tells on standard error while it runs, around the sink that writes the file.
final class RecordingDisplay: Sink {
  private let recording: RecordingSink
  private let path: String
  private let terminal: TerminalDevice
  private let text: DropText
  private var buffer = TextBuffer(capacity: 4096)
  private var hasProgress = false
  private var writtenBefore: UInt64 = 0
  private var drops: UInt64 = 0

  init(_ recording: RecordingSink, path: String, terminal: TerminalDevice) {
    self.recording = recording
    self.path = path
    self.terminal = terminal
    text = DropText(dimensions: [], isColored: false)
  }

  let showsIdle = false

  func begin(_ session: Session) throws(WriteError) {
    try recording.begin(session)
    text.append(session, to: &buffer)
    text.appendLimits(session, to: &buffer)
    buffer.append("Recording to \(path); Ctrl-C ends.\n")
    flush()
  }

  func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {
    try recording.take(batch, names: names)
  }

  func show(_ report: Report, notes: [String]) throws(WriteError) {
    try recording.show(report, notes: notes)
    drops += report.drops
    let progress = recording.progress
    for note in notes {
      endProgress()
      buffer.append("note: \(note)\n")
    }
    if terminal.canRedraw, !report.isLast {
      let written = progress.bytes - writtenBefore
      buffer.append("\r")
      buffer.append(
        "\(report.time.localClock)  \(grouped(drops)) drops, \(rate(report.drops, report.interval))/s; "
      )
      buffer.append("\(grouped(progress.safe.packets)) packets; ")
      buffer.append("\(ByteSize(bytes: progress.bytes)), \(pace(of: written, report.interval)); ")
      buffer.append("lost \(report.loss.lost), missed \(report.loss.missed)\u{1B}[K")
      hasProgress = true
    }
    writtenBefore = progress.bytes
    flush()
  }

  func end(_ summary: Summary) throws(WriteError) {
    try recording.end(summary)
    endProgress()
    account(seen: summary.drops, summary.duration, summary.loss)
  }

  /// The last word when the file could not be written any more.
  func account(for refusal: RefusedOutput) {
    endProgress()
    account(seen: refusal.drops, nil, refusal.loss)
  }

  private func account(seen drops: UInt64, _ duration: Duration?, _ loss: Loss) {
    let progress = recording.progress
    buffer.append("\(path): ")
    buffer.append("\(grouped(progress.safe.drops)) of \(grouped(drops)) drops and ")
    buffer.append("\(grouped(progress.safe.packets)) packets in ")
    buffer.append(
      progress.safe.intervals == 1 ? "1 interval, " : "\(progress.safe.intervals) intervals, ")
    buffer.append("\(ByteSize(bytes: progress.bytes))")
    if progress.files > 1 { buffer.append(" in \(progress.files) files") }
    if let duration { buffer.append(", \(pace(of: progress.bytes, duration))") }
    buffer.append("\n")
    text.append(loss, to: &buffer)
    flush()
  }

  private func endProgress() {
    if hasProgress { buffer.append("\n") }
    hasProgress = false
  }

  private func pace(of bytes: UInt64, _ duration: Duration) -> String {
    "\(ByteSize(bytes: UInt64(Double(bytes) / max(duration.seconds, 1e-9))))/s"
  }

  /// Whoever does not read what is told here does not end the recording.
  private func flush() { try? buffer.write(to: terminal.descriptor) }
}
