package import Bytes
package import Diagnosis
package import DropModel
internal import Export

/// A line for each packet, as `dropwatch packets` shows them; what is not packets goes elsewhere.
package final class PacketLines: Sink {
  /// What comes with each line, and how many there are.
  package struct Options: Sendable {
    /// The kernel's functions below it.
    package var hasStack = false
    /// The packet's bytes below it.
    package var hasBytes = false
    package var isColored = false
    /// How many packets at most; nil for all.
    package var count: Int?

    package init() {}
  }

  private let descriptor: Int32
  private let diagnostics: Int32
  private let options: Options
  private let text: DropText
  private var line: PacketLine
  private var buffer = TextBuffer(capacity: 256 << 10)
  private var words = TextBuffer()
  private var shown = 0

  /// Packets go to `descriptor`, what is said about them to `diagnostics`.
  package init(descriptor: Int32, diagnostics: Int32, options: Options) {
    self.descriptor = descriptor
    self.diagnostics = diagnostics
    self.options = options
    text = DropText(dimensions: [], isColored: options.isColored)
    line = PacketLine(isColored: options.isColored)
  }

  package let showsIdle = false

  package var isSatisfied: Bool { options.count.map { shown >= $0 } ?? false }

  package func begin(_ session: Session) throws(WriteError) {
    text.append(session, to: &words)
    text.appendLimits(session, to: &words)
    try words.write(to: diagnostics)
  }

  package func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {
    guard !batch.packets.packets.isEmpty else { return }
    for packet in batch.packets.packets {
      if isSatisfied { break }
      shown += 1
      line.append(packet, of: batch, names: names, to: &buffer)
      if options.hasStack {
        for frame in batch.packets.stack(of: packet, names: names) {
          buffer.append("\t")
          buffer.append(frame.label)
          buffer.append("\n")
        }
      }
      if options.hasBytes { buffer.append(dump: batch.packets.storage.span, packet.bytes) }
      if buffer.count > 192 << 10 { try buffer.write(to: descriptor) }
    }
    try buffer.write(to: descriptor)
  }

  package func show(_ report: Report, notes: [String]) throws(WriteError) {
    line.forgetNames()
    for note in notes { words.append("note: \(note)\n") }
    try words.write(to: diagnostics)
  }

  package func end(_ summary: Summary) throws(WriteError) {
    text.append(summary.loss, to: &words)
    try words.write(to: diagnostics)
  }
}
