extension PromptCommand {
  /// The words that begin a line.
  static let names = ["start", "stop", "exit", "quit", "help", "show", "stats", "set"]

  /// Parses a line; nil if there is nothing on it.
  init?(line: String) throws(PromptCommandError) {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let name = words.first else { return nil }
    switch name {
    case "start": self = .start
    case "stop": self = .stop
    case "exit", "quit": self = .exit
    case "help", "?": self = .help
    case "show": self = .show
    case "stats": self = .stats
    case "set":
      self = .set(try Setting(words: words.dropFirst()))
      return
    default: throw .unknownCommand(name)
    }
    if words.count > 1 { throw .unexpectedArgument(words[1], after: name) }
  }

  /// The words that `line`, as far as it is typed, can be continued with: each a whole word in
  /// place of the last one, which may be empty.
  static func completions(of line: String) -> [String] {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let complete = words.dropLast().filter { !$0.isEmpty }
    let candidates: [String]
    switch (complete.count, complete.first) {
    case (0, _): candidates = names
    case (1, "set"): candidates = SettingName.allCases.map(\.rawValue)
    case (2, "set"): candidates = SettingName(rawValue: complete[1])?.completions ?? []
    default: candidates = []
    }
    let last = words.last ?? ""
    return candidates.filter { $0.hasPrefix(last) }
  }
}

extension PromptCommand.Setting {
  /// Parses what follows `set`.
  init(words: ArraySlice<String>) throws(PromptCommandError) {
    guard let first = words.first else { throw .missingSetting }
    guard let name = SettingName(rawValue: first) else { throw .unknownSetting(first) }
    let values = words.dropFirst()
    guard let value = values.first else { throw .missingValue(of: name) }
    guard let setting = name.setting(value) else { throw .invalidValue(value, of: name) }
    if values.count > 1 {
      throw .unexpectedArgument(values[values.startIndex + 1], after: "set \(first) \(value)")
    }
    self = setting
  }
}
