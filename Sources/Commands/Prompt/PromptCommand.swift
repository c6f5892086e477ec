/// What can be typed at the prompt.
enum PromptCommand: Equatable {
  /// Begin and end to watch.
  case start, stop
  /// Leave; `quit` is the same.
  case exit
  /// What can be typed; the settings; the statistics.
  case help, show, stats
  /// Change a setting.
  case set(Setting)

  /// A setting with its new value.
  enum Setting: Equatable {
    /// Stop after so many alerts; 0 for no limit.
    case alertLimit(UInt64)
    /// What an alert is.
    case alertMode(AlertMode)
    /// Truncate packets to so many bytes; 0 to leave them whole.
    case truncation(UInt32)
    /// Room for so many packets that wait to be read.
    case queue(UInt32)
    /// Watch what the kernel's own code drops.
    case software(Bool)
    /// Watch what network hardware drops.
    case hardware(Bool)
  }
}

/// Why a line is not a command: one sentence, which names what would be one.
enum PromptCommandError: Error, Equatable {
  /// The first word is none of the commands.
  case unknownCommand(String)
  /// There is a word too many.
  case unexpectedArgument(String, after: String)
  /// `set` alone.
  case missingSetting
  /// The word after `set` is none of the settings.
  case unknownSetting(String)
  /// `set` and a setting alone.
  case missingValue(of: SettingName)
  /// The value is not of the setting's kind, or out of its range.
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
