package import Bytes
package import Diagnosis
internal import DropModel
internal import Export

/// The table on a terminal, redrawn in place.
///
/// What was seen before stays, dimmed when idle.
///
/// It draws on the alternate screen (xterm's private mode 1049), so that the shell's own text is
/// back at the end, with the final account below it.
package final class LiveScreen: Sink {
  private let terminal: TerminalDevice
  private let text: DropText
  private var buffer = TextBuffer()
  private var session: Session?
  private var notes: [String] = []
  private var isDrawn = false

  package init(terminal: TerminalDevice, text: DropText) {
    self.terminal = terminal
    self.text = text
  }

  package let showsIdle = true

  package func begin(_ session: Session) throws(WriteError) {
    self.session = session
    notes = session.source.refusals.map(\.sentence)
    text.append(session, to: &buffer)
    text.appendLimits(session, to: &buffer)
    buffer.append("Watching for drops; Ctrl-C ends and prints the account.\n")
    try flush()
  }

  package func show(_ report: Report, notes: [String]) throws(WriteError) {
    self.notes += notes
    var frame = TextBuffer()
    let size = terminal.size ?? (rows: 24, columns: 80)
    if let session { text.append(session, to: &frame) }
    for note in self.notes { frame.append("note: \(note)\n") }
    text.appendHeading(report, to: &frame)
    var rows = report.rows
    // Lines that are taken: session, filter, notes, heading, titles, what is hidden, account.
    let filter = session?.filter == nil ? 0 : 1
    let room = max(1, size.rows - 5 - filter - self.notes.count)
    if rows.rows.count > room {
      rows.hiddenDrops += rows.rows[room...].reduce(0) { $0 + $1.interval.drops }
      rows.hidden += rows.rows.count - room
      rows.rows.removeSubrange(room...)
    }
    text.append(rows, .interval(report.interval), width: size.columns, to: &frame)
    text.append(report.loss, to: &frame)
    draw(frame.text)
    try flush()
  }

  package func end(_ summary: Summary) throws(WriteError) {
    restore()
    text.append(summary, width: terminal.size?.columns, to: &buffer)
    try flush()
  }

  /// Gives the terminal back, also when a run ends in an error.
  package func restore() {
    guard isDrawn else { return }
    buffer.append("\u{1B}[?25h\u{1B}[?1049l")
    isDrawn = false
    // Nobody is left to be told if the terminal is gone.
    try? flush()
  }

  private func draw(_ frame: String) {
    if !isDrawn { buffer.append("\u{1B}[?1049h\u{1B}[?25l") }
    isDrawn = true
    // From the top; each line erases what was to its right, the last what was below.
    buffer.append("\u{1B}[H")
    for (index, line) in frame.split(separator: "\n").enumerated() {
      if index > 0 { buffer.append("\r\n") }
      buffer.append(String(line))
      buffer.append("\u{1B}[K")
    }
    buffer.append("\u{1B}[J")
  }

  private func flush() throws(WriteError) { try buffer.write(to: terminal.descriptor) }
}
