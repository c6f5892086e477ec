internal import DropSources

/// What the prompt says; where the original says it too, in its words, which are an interface.
enum Words {
  /// What stands before a command.
  static let prompt = "dropwatch> "
  /// The first line of `-l kas`.
  static let initializing = "Initializing kallsyms db"

  // What is said in the course of a run.
  static let enabling = "Enabling monitoring..."
  static let activated = "Kernel monitoring activated."
  static let howToStop = "Issue Ctrl-C to stop monitoring"
  static let stopped = "Got a stop message"
  static let limitReached = "Alert limit reached, deactivating!"
  static let terminating = "Terminating dropwatch..."
  static let shuttingDown = "Shutting down ..."

  // What is said instead of doing what was typed.
  static let alreadyMonitoring = "monitoring is on already"
  static let notMonitoring = "monitoring is not on: type start to begin"
  static let stopFirst = "monitoring is on: type stop before changing settings"
  static let nothingToMonitor =
    "nothing to monitor: type set sw true, set hw true, or both"

  /// What is said when something is set.
  static func answers(to setting: PromptCommand.Setting) -> [String] {
    switch setting {
    case .alertLimit(let limit):
      ["setting alert capture limit to \(limit)"]
    case .alertMode:
      ["Setting alert mode", "Alert mode successfully set"]
    case .truncation(let length):
      ["Setting truncation length to \(length)", "Truncation length successfully set"]
    case .queue(let length):
      ["Setting queue length to \(length)", "Queue length successfully set"]
    case .software(let isOn):
      ["setting software drops monitoring to \(isOn ? 1 : 0)"]
    case .hardware(let isOn):
      ["setting hardware drops monitoring to \(isOn ? 1 : 0)"]
    }
  }

  /// The answer to `stats`, but for the account.
  static func statistics(tailDropped: UInt64) -> [String] {
    [
      "Getting statistics", "Software statistics:", "Tail dropped: \(tailDropped)",
      "Hardware statistics:", "Tail dropped: counted with the software's",
    ]
  }

  /// The answer to `stats` where the kernel's drop monitor counts, as the original gives it.
  static func statistics(_ statistics: DropMonitorStatistics) -> [String] {
    [
      "Getting statistics", "Software statistics:", "Tail dropped: \(statistics.software)",
      "Hardware statistics:", "Tail dropped: \(statistics.hardware)",
    ]
  }

  /// The answer to `help`.
  static let help = [
    "start                        watch drops; their sites are always named",
    "stop                         stop watching and account for every drop (as Ctrl-C)",
    "show                         the settings",
    "stats                        how many drops were seen and how many packets lost",
    "set alertmode summary        each second a line for each site that dropped",
    "set alertmode packet         a block of lines for each dropped packet",
    "set alertlimit N             stop after N lines or blocks; 0: never",
    "set trunc N                  truncate packets to N bytes; 0: leave them whole",
    "set queue N                  have room for N packets that wait to be shown",
    "set sw true|false            watch software drops",
    "set hw true|false            watch hardware drops (devlink traps)",
    "help                         this list",
    "exit, quit, Ctrl-D           stop and leave",
  ]
}
