package import Bytes
package import Diagnosis
package import DropModel
internal import Export

/// The table where nothing can be redrawn: one block per interval, one after the other.
package final class PlainTable: Sink {
  private let terminal: TerminalDevice
  private let text: DropText
  private var buffer = TextBuffer()
  private var line: PacketLine

  package init(terminal: TerminalDevice, text: DropText) {
    self.terminal = terminal
    self.text = text
    line = PacketLine(isColored: text.isColored)
  }

  package let showsIdle = false

  package func begin(_ session: Session) throws(WriteError) {
    text.append(session, to: &buffer)
    text.appendLimits(session, to: &buffer)
    try flush()
  }

  /// Packets, if any were asked for, come between the tables, as they come in.
  package func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {
    for packet in batch.packets.packets {
      line.append(packet, of: batch, names: names, to: &buffer)
      if buffer.count > 192 << 10 { try flush() }
    }
    try flush()
  }

  package func show(_ report: Report, notes: [String]) throws(WriteError) {
    line.forgetNames()
    for note in notes {
      buffer.append("note: ")
      buffer.append(note)
      buffer.append("\n")
    }
    // What a run ends in is usually a moment without drops, of which the summary says enough.
    if report.isLast, report.drops == 0 { return try flush() }
    text.appendHeading(report, to: &buffer)
    text.append(report.rows, .interval(report.interval), width: width, to: &buffer)
    text.append(report.loss, to: &buffer)
    buffer.append("\n")
    try flush()
  }

  package func end(_ summary: Summary) throws(WriteError) {
    text.append(summary, width: width, to: &buffer)
    try flush()
  }

  private var width: Int? { terminal.isTerminal ? terminal.size?.columns : nil }

  private func flush() throws(WriteError) { try buffer.write(to: terminal.descriptor) }
}
