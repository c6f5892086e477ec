package import Bytes
package import Diagnosis
package import DropModel
package import Export

/// What is said about a run whose output is for packets only: how it watches, what went wrong, the
/// account; around the sink that gets the packets.
package final class Narration: Sink {
  private let sink: any Sink
  private let descriptor: Int32
  private let text: DropText
  private var buffer = TextBuffer(capacity: 4096)

  /// Writes to `descriptor`, which is not the sink's.
  package init(of sink: any Sink, descriptor: Int32, isColored: Bool) {
    self.sink = sink
    self.descriptor = descriptor
    text = DropText(dimensions: [], isColored: isColored)
  }

  package var showsIdle: Bool { sink.showsIdle }

  package func begin(_ session: Session) throws(WriteError) {
    text.append(session, to: &buffer)
    text.appendLimits(session, to: &buffer)
    try buffer.write(to: descriptor)
    try sink.begin(session)
  }

  package func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {
    try sink.take(batch, names: names)
  }

  package func show(_ report: Report, notes: [String]) throws(WriteError) {
    for note in notes { buffer.append("note: \(note)\n") }
    try buffer.write(to: descriptor)
    try sink.show(report, notes: notes)
  }

  package func end(_ summary: Summary) throws(WriteError) {
    try sink.end(summary)
    text.append(summary.loss, to: &buffer)
    try buffer.write(to: descriptor)
  }
}
