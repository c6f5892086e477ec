internal import ArgumentParser
internal import Diagnosis
internal import DropModel
internal import Export
internal import Glibc
internal import Terminal

/// How output looks: the options every command that shows something has.
struct OutputOptions: ParsableArguments {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, json, classic
  }

  @Option(
    help: ArgumentHelp(
      "How drops are written.",
      discussion: "classic are the lines of the original dropwatch, one for each site."))
  var format: Format = .table

  @Flag(help: "The same as --format json: one object a line, see docs/output.md.")
  var json = false

  @Option(help: "When to use colour; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  var effectiveFormat: Format { json ? .json : format }

  /// The sink for standard output; `isRedrawn` if it may be a screen, which has no place for packets
  /// or for what is over.
  func sink(showing dimensions: Set<Dimension>, isRedrawn: Bool = true) -> any Sink {
    let terminal = TerminalDevice(descriptor: STDOUT_FILENO)
    let text = DropText(
      dimensions: dimensions,
      isColored: color.isColored(isTerminal: terminal.isTerminal, environment: .current))
    return switch effectiveFormat {
    case .json: JSONLines(descriptor: STDOUT_FILENO)
    case .classic: ClassicLines(descriptor: STDOUT_FILENO, diagnostics: STDERR_FILENO)
    case .table where isRedrawn && terminal.canRedraw: LiveScreen(terminal: terminal, text: text)
    case .table: PlainTable(terminal: terminal, text: text)
    }
  }
}

extension [String: String] {
  /// The variables that output depends on.
  static var current: [String: String] {
    var values: [String: String] = [:]
    for name in ["NO_COLOR", "TERM"] {
      if let value = unsafe getenv(name) { values[name] = unsafe String(cString: value) }
    }
    return values
  }
}

extension ColorChoice: ExpressibleByArgument {}

extension TerminalDevice {
  /// Whether text can be put in place: a terminal that is not dumb.
  var canRedraw: Bool {
    isTerminal && ![nil, "dumb"].contains([String: String].current["TERM"])
  }
}
