internal import ArgumentParser
internal import Bytes
internal import DropModel
internal import DropSources
internal import Export
internal import Glibc
internal import KernelNames
internal import Runtime
internal import Terminal

/// The subcommand `doctor`.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what this machine offers and denies for watching drops.",
    discussion: """
      Each line is something a source needs: there (✓) or not (✗), what follows, what to do. The \
      last are the sources themselves, tried for real, with what each cannot see. The status is 0 \
      if drops can be watched, 1 if not.

      EXAMPLES
        dropwatch doctor
        sudo dropwatch doctor --json | jq 'select(.ok | not)'
      """)

  @Flag(help: "One object a line, see docs/output.md.")
  var json = false

  @Option(help: "When to use colour; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  func run() throws {
    let canWatch = try reporting {
      signal(SIGPIPE, SIG_IGN)
      let machine = Machine.current
      let types = machine.types
      let sources = SourceChecks(types: types).all
      let checks =
        [
          Check(name: "kernel", isGood: true, finding: "Linux \(machine.release)"),
          machine.checkTypes(types), machine.checkTracepoint(types), machine.checkPrivileges(),
          machine.checkSymbols(), machine.checkJIT(), machine.checkTracefs(),
          machine.checkHardware(types), machine.checkSourceLines(),
        ] + sources
      do {
        if json { try write(json: checks) } else { try write(table: checks) }
      } catch WriteError.brokenPipe {}
      return sources.contains(where: \.isGood)
    }
    if !canWatch { throw ExitStatus.negative }
  }

  private func write(json checks: [Check]) throws(WriteError) {
    var json = JSONWriter()
    for check in checks {
      json.line { json in
        json.field("type", "check")
        json.field("name", check.name)
        json.field("ok", check.isGood)
        json.field("finding", check.finding)
        json.field("consequence", check.consequence.isEmpty ? nil : check.consequence)
        if !check.blindSpots.isEmpty { json.strings("blind", check.blindSpots) }
        json.field("remedy", check.remedy.isEmpty ? nil : check.remedy)
      }
      try json.buffer.write(to: STDOUT_FILENO)
    }
  }

  private func write(table checks: [Check]) throws(WriteError) {
    let terminal = TerminalDevice(descriptor: STDOUT_FILENO)
    var table = TextTable(columns: [.init(""), .init("CHECK"), .init("FOUND")])
    table.rows = checks.map { check in
      [
        check.isGood ? .init("✓", .green) : .init("✗", .red), .init(check.name, .bold),
        .init(check.finding),
      ]
    }
    var text = TextBuffer()
    let isColored = color.isColored(isTerminal: terminal.isTerminal, environment: .current)
    table.write(to: &text, width: nil, isColored: isColored)
    for check in checks where !check.consequence.isEmpty || !check.remedy.isEmpty {
      text.append("\n\(check.name): \(check.consequence)")
      if !check.remedy.isEmpty { text.append("\n  → \(check.remedy)") }
    }
    for check in checks where !check.blindSpots.isEmpty {
      text.append("\n\(check.name) cannot see:")
      for spot in check.blindSpots { text.append("\n  · \(spot)") }
    }
    text.append("\n")
    try text.write(to: STDOUT_FILENO)
  }
}
