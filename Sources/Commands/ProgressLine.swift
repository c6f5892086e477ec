internal import Bytes
internal import DropModel
internal import Glibc
internal import Terminal

/// One line on the terminal that tells how far it is, and is gone at the end; none elsewhere.
struct ProgressLine {
  private let terminal = TerminalDevice(descriptor: STDERR_FILENO)
  private let start = MonotonicTime.now
  private let duration: Duration?

  /// nil if nobody knows how long it takes.
  init(for duration: Duration?) { self.duration = duration }

  /// Tells how much was dropped so far.
  func show(_ drops: UInt64) {
    guard terminal.canRedraw else { return }
    let passed = Int(start.duration(to: .now).seconds.rounded())
    let all = duration.map { " of \(Int($0.seconds.rounded(.up)))" } ?? ""
    write("\rwatching: \(passed)\(all) s, \(grouped(drops)) drops")
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
