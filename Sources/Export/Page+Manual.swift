extension Page {
  /// As a part of a manual page, in the macros of man(7); headings of level 1 are subsections.
  package var manual: String {
    var lines: [String] = []
    for block in blocks {
      switch block {
      case .heading(let text, let level):
        lines.append(level <= 1 ? ".SS \(Self.escape(text))" : ".PP\n\\fI\(Self.escape(text))\\fR")
      case .paragraph(let text): lines += [".PP", Self.escape(text)]
      case .facts(let facts):
        for (index, fact) in facts.enumerated() {
          lines += [
            index == 0 ? ".PP" : ".br",
            "\\fB\(Self.escape(fact.name)):\\fR \(Self.escape(fact.value))",
          ]
        }
      case .list(let items):
        for item in items {
          lines += [".IP \\(bu 2", Self.escape(item.text)]
          if !item.commands.isEmpty {
            lines += [".RS 2", ".nf"] + item.commands.map(Self.escape) + [".fi", ".RE"]
          }
          for remark in item.remarks { lines += [".RS 2", Self.escape(remark), ".RE"] }
        }
      case .lines(let text): lines += [".PP", ".nf"] + text.map(Self.escape) + [".fi"]
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escape(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\(rs").replacing("-", with: "\\-")
    // A line that begins with one of these would be a request to roff.
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&\(escaped)" : escaped
  }
}
