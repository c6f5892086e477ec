internal import Bytes
internal import Diagnosis
internal import DropModel
internal import Export
internal import Terminal

/// Where retransmissions are shown: as text for people or as JSON, on standard output.
struct RetransmissionDisplay: ~Copyable {
  private let isJSON: Bool
  private let showsEach: Bool
  private let top: Int
  private let terminal: TerminalDevice
  private let text: RetransmissionText
  private var json: RetransmissionLines
  private var buffer = TextBuffer()

  init(isJSON: Bool, showsEach: Bool, top: Int, terminal: TerminalDevice, isColored: Bool) {
    self.isJSON = isJSON
    self.showsEach = showsEach
    self.top = top
    self.terminal = terminal
    text = RetransmissionText(isColored: isColored)
    json = RetransmissionLines(descriptor: terminal.descriptor)
  }

  /// How long retransmissions may wait in the kernel; nil for an interval.
  var patience: Duration? { showsEach ? .milliseconds(100) : nil }

  mutating func begin(_ session: Session) throws(WriteError) {
    if isJSON { return try JSONLines(descriptor: terminal.descriptor).begin(session) }
    let heading = DropText(dimensions: [], isColored: text.isColored)
    heading.append(session, to: &buffer)
    heading.appendLimits(session, to: &buffer)
    try flush()
  }

  mutating func take(
    _ retransmission: Retransmission, cause: Drop?, route: Drop, clock: ClockOffset
  ) throws(WriteError) {
    guard showsEach else { return }
    if isJSON {
      return try json.write(retransmission, cause: cause, route: route, clock: clock)
    }
    text.append(retransmission, cause: cause, route: route, clock: clock, to: &buffer)
    if buffer.count > 64 << 10 { try flush() }
  }

  mutating func show(
    _ verdict: RetransmissionVerdict, duration: Duration, notes: [String]
  ) throws(WriteError) {
    if isJSON {
      return try json.write(verdict, time: .now, duration: duration, isLast: false)
    }
    for note in notes { buffer.append("note: \(note)\n") }
    if !showsEach, verdict.counts.total > 0 {
      append(verdict, duration: duration)
      buffer.append("\n")
    }
    try flush()
  }

  mutating func end(_ verdict: RetransmissionVerdict, duration: Duration) throws(WriteError) {
    if isJSON { return try json.write(verdict, time: .now, duration: duration, isLast: true) }
    append(verdict, duration: duration)
    text.append(verdict: verdict, to: &buffer)
    try flush()
  }

  private mutating func append(_ verdict: RetransmissionVerdict, duration: Duration) {
    text.append(
      verdict, time: .now, duration: duration, top: top,
      width: terminal.isTerminal ? terminal.size?.columns : nil, to: &buffer)
  }

  private mutating func flush() throws(WriteError) { try buffer.write(to: terminal.descriptor) }
}
