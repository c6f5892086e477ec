extension Page {
  /// As CommonMark, without trailing blank lines.
  package var markdown: String {
    var lines: [String] = []
    for block in blocks {
      switch block {
      case .heading(let text, let level):
        lines.append("\(String(repeating: "#", count: level)) \(Self.escape(text))")
      case .paragraph(let text): lines.append(Self.escape(text))
      case .facts(let facts):
        lines += facts.map { "- **\(Self.escape($0.name)):** \(Self.escape($0.value))" }
      case .list(let items):
        for item in items {
          lines.append("- \(Self.escape(item.text))")
          if !item.commands.isEmpty {
            lines += ["", "  ```"] + item.commands.map { "  \($0)" } + ["  ```", ""]
          }
          lines += item.remarks.map { "  \(Self.escape($0))" }
        }
      case .lines(let text): lines += ["```"] + text + ["```"]
      }
      lines.append("")
    }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Keeps CommonMark from taking names of the kernel's for emphasis, links or tags.
  private static func escape(_ text: String) -> String {
    var escaped = ""
    var previous: Character = " "
    for (index, character) in zip(text.indices, text) {
      if "\\`*[]<>|".contains(character) {
        escaped.append("\\")
      } else if character == "_" {
        // Within a word it is an underscore anyway.
        let next = text[text.index(after: index)...].first ?? " "
        if !previous.isWordPart || !next.isWordPart { escaped.append("\\") }
      }
      escaped.append(character)
      previous = character
    }
    return escaped
  }
}

extension Character {
  fileprivate var isWordPart: Bool { isLetter || isNumber }
}
