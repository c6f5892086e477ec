/// What can be typed at the prompt.
enum PromptCommand: Equatable {
  case start, stop, exit, help, show, stats
  case set(Setting)

  /// A setting with its new value.
  enum Setting: Equatable {
    /// Stop after so many alerts; 0 for no limit.
    case alertLimit(UInt64)
    case alertMode(AlertMode)
    /// Truncate packets to so many bytes; 0 to leave them whole.
    case truncation(UInt32)
    /// Room for so many packets that wait to be read.
    case queue(UInt32)
    case software(Bool)
    case hardware(Bool)
  }
}

/// Why a line is not a command: one sentence, which names what would be one.
enum PromptCommandError: Error, Equatable {
  case unknownCommand(String)
  case unexpectedArgument(String, after: String)
  case missingSetting
  case unknownSetting(String)
  case missingValue(of: SettingName)
  case invalidValue(String, of: SettingName)
}

extension PromptCommandError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unknownCommand(let word):
      "unknown command \"\(word)\": type help for the commands"
    case .unexpectedArgument(let word, let command):
      "\"\(command)\" does not take \"\(word)\""
    case .missingSetting:
      "\"set\" takes one of \(SettingName.list), and a value"
    case .unknownSetting(let word):
      "unknown setting \"\(word)\": it is one of \(SettingName.list)"
    case .missingValue(let name):
      "\"set \(name.rawValue)\" takes \(name.values)"
    case .invalidValue(let word, let name):
      "\"set \(name.rawValue)\" takes \(name.values), not \"\(word)\""
    }
  }
}
