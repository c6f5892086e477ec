package import Bytes
package import Diagnosis
package import DropModel

/// Input for flame graphs: a line per stack, the outermost function first, and how many packets.
///
/// Functions are separated by semicolons; the innermost is the reason, in brackets. Written at the end.
package final class FoldedStacks: Sink {
  private let descriptor: Int32
  private var counts: [String: UInt64] = [:]
  /// Packets that came without a stack.
  package private(set) var stackless: UInt64 = 0

  package init(descriptor: Int32) { self.descriptor = descriptor }

  package let showsIdle = false

  package func begin(_ session: Session) throws(WriteError) {}

  package func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {
    for packet in batch.packets.packets {
      let frames = batch.packets.stack(of: packet, names: names)
      guard !frames.isEmpty else {
        stackless += 1
        continue
      }
      var words = frames.reversed().map { $0.symbol ?? $0.label }
      if let reason = names.reason(packet.key.reason) { words.append("[\(reason.label)]") }
      counts[words.joined(separator: ";"), default: 0] += 1
    }
  }

  package func show(_ report: Report, notes: [String]) throws(WriteError) {}

  package func end(_ summary: Summary) throws(WriteError) {
    var buffer = TextBuffer()
    for (stack, count) in counts.sorted(by: { $0.key < $1.key }) {
      buffer.append(stack)
      buffer.append(" ")
      buffer.append(decimal: count)
      buffer.append("\n")
    }
    try buffer.write(to: descriptor)
  }
}
