internal import Bytes
internal import DropModel
internal import Glibc
internal import Terminal

/// One line on the terminal that tells how far it is, and is gone at the end; none elsewhere.
struct ProgressLine {
  private let terminal = TerminalDevice(descriptor: STDERR_FILENO)
  private let start = MonotonicTime.now
  private let duration: Duration

  init(for duration: Duration) { self.duration = duration }

  /// Tells how much was dropped so far.
  func show(_ drops: UInt64) {
    guard terminal.canRedraw else { return }
    let passed = Int(start.duration(to: .now).seconds.rounded())
    write(
      "\rwatching: \(passed) of \(Int(duration.seconds.rounded(.up))) s, \(grouped(drops)) drops")
  }

  func erase() {
    if terminal.canRedraw { write("\r\u{1B}[K") }
  }

  private func write(_ line: String) {
    var text = TextBuffer(capacity: 80)
    text.append(line)
    try? text.write(to: terminal.descriptor)
  }
}
