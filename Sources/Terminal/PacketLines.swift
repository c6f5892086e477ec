package import Bytes
package import Diagnosis
package import DropModel
internal import Export

/// A line for each packet, as `dropwatch packets` shows them; see ``Narration`` for all else.
package final class PacketLines: Sink {
  /// What comes with each line.
  package struct Options: Sendable {
    /// The kernel's functions below it.
    package var hasStack = false
    /// The packet's bytes below it.
    package var hasBytes = false
    package var isColored = false

    package init() {}
  }

  private let descriptor: Int32
  private let options: Options
  private var line: PacketLine
  private var buffer = TextBuffer(capacity: 256 << 10)

  package init(descriptor: Int32, options: Options) {
    self.descriptor = descriptor
    self.options = options
    line = PacketLine(isColored: options.isColored)
  }

  package let showsIdle = false

  package func begin(_ session: Session) {}

  package func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {
    guard !batch.packets.packets.isEmpty else { return }
    for packet in batch.packets.packets {
      line.append(packet, of: batch, names: names, to: &buffer)
      if options.hasStack {
        for frame in batch.packets.stack(of: packet, names: names) {
          buffer.append(frame)
        }
      }
      if options.hasBytes { buffer.append(dump: batch.packets.storage.span, packet.bytes) }
      if buffer.count > 192 << 10 { try buffer.write(to: descriptor) }
    }
    try buffer.write(to: descriptor)
  }

  package func show(_ report: Report, notes: [String]) { line.forgetNames() }

  package func end(_ summary: Summary) {}
}

extension TextBuffer {
  /// Appends a function of a stack, with its source line if that is known; below it those that were
  /// merged into it come first, for they are further in.
  fileprivate mutating func append(_ frame: DropSite) {
    for inlined in frame.frames.dropLast() {
      append("\t  \(inlined.function) (inlined) \(inlined.path)\n")
    }
    append("\t\(frame.label)")
    if let line = frame.frames.last ?? frame.source { append(" \(line.path)") }
    append("\n")
  }
}
