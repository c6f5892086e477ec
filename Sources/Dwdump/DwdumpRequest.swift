internal import Bytes
internal import DropSources
internal import Glibc
internal import Runtime

/// What `dwdump` asks the kernel once and exits: -q, -s and -e.
struct DwdumpRequest {
  private let command: Dwdump

  init(_ command: Dwdump) { self.command = command }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    if command.exit {
      let wasOn = try DropMonitorProbe.stopMonitor(
        software: command.origin != .hw, hardware: command.origin != .sw)
      if !wasOn { printError("the kernel's drop monitor was off already", by: Dwdump.name) }
      return
    }
    let probe = try DropMonitorProbe()
    do {
      if command.json {
        try writeJSON(probe)
      } else {
        var text = TextBuffer(capacity: 128)
        text.append(command.query ? Self.lines(probe.configuration) : Self.lines(probe.statistics))
        try text.write(to: STDOUT_FILENO)
      }
    } catch WriteError.brokenPipe {}
  }

  /// The original's words.
  static func lines(_ configuration: DropMonitorOptions.Configuration) -> String {
    """
    Alert mode: \(name(configuration.alertMode))
    Truncation length: \(configuration.truncation)
    Queue length: \(configuration.queueLength)

    """
  }

  /// The original's words.
  static func lines(_ statistics: DropMonitorStatistics) -> String {
    """
    Software statistics:
    Tail dropped: \(statistics.software)
    Hardware statistics:
    Tail dropped: \(statistics.hardware)

    """
  }

  private func writeJSON(_ probe: DropMonitorProbe) throws(WriteError) {
    var json = JSONWriter()
    json.line { json in
      if command.query {
        let configuration = probe.configuration
        json.field("type", "configuration")
        json.field("alert_mode", Self.name(configuration.alertMode))
        json.field("truncation", configuration.truncation)
        json.field("queue", configuration.queueLength)
        json.strings("listeners", probe.listeners)
      } else {
        json.field("type", "statistics")
        json.object("software") { $0.field("tail_dropped", probe.statistics.software) }
        json.object("hardware") { $0.field("tail_dropped", probe.statistics.hardware) }
      }
    }
    try json.buffer.write(to: STDOUT_FILENO)
  }

  private static func name(_ mode: DropMonitorOptions.AlertMode) -> String {
    mode == .summary ? "summary" : "packet"
  }
}
