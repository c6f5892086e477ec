/// What `set` can set.
enum SettingName: String, CaseIterable {
  // The raw values are the original's words.
  case alertLimit = "alertlimit"
  case alertMode = "alertmode"
  case truncation = "trunc"
  case queue
  case software = "sw"
  case hardware = "hw"

  /// All of them, for a sentence.
  static let list = allCases.map(\.rawValue).joined(separator: ", ")

  /// What it takes, for a sentence.
  var values: String {
    switch self {
    case .alertLimit: "a number of alerts, 0 for no limit"
    case .alertMode: "summary or packet"
    case .truncation: "a number of bytes, 0 for whole packets"
    case .queue: "a number of packets from 1 to \(PromptSettings.largestQueue)"
    case .software, .hardware: "true or false"
    }
  }

  /// The words that can follow, as far as they can be told.
  var completions: [String] {
    switch self {
    case .alertLimit, .truncation, .queue: []
    case .alertMode: AlertMode.allCases.map(\.rawValue)
    case .software, .hardware: ["true", "false"]
    }
  }

  /// The setting with a value; nil if the word is not one.
  func setting(_ word: String) -> PromptCommand.Setting? {
    switch self {
    case .alertLimit:
      number(word).map { .alertLimit($0) }
    case .alertMode:
      AlertMode(rawValue: word).map { .alertMode($0) }
    case .truncation:
      number(word).map { .truncation($0) }
    case .queue:
      number(word).flatMap { (1...PromptSettings.largestQueue).contains($0) ? .queue($0) : nil }
    case .software:
      boolean(word).map { .software($0) }
    case .hardware:
      boolean(word).map { .hardware($0) }
    }
  }

  private func number<Number: FixedWidthInteger>(_ word: String) -> Number? {
    // Without a sign: Number("+5") would be 5.
    word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      ? Number(word) : nil
  }

  private func boolean(_ word: String) -> Bool? {
    switch word {
    // The original takes digits as well.
    case "true", "1": true
    case "false", "0": false
    default: nil
    }
  }
}
