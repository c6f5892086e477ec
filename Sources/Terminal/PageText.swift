package import Bytes
package import Export

/// A page as text for a terminal: wrapped to its width, in colour where that is wanted.
package struct PageText {
  private let width: Int
  private let isColored: Bool

  /// `width` is the terminal's; nil where there is none, then lines are as long as one reads well.
  package init(width: Int?, isColored: Bool) {
    self.width = min(width ?? 100, 110)
    self.isColored = isColored
  }

  package func write(_ page: Page, to text: inout TextBuffer) {
    var isFirst = true
    for block in page.blocks {
      if !isFirst { text.append("\n") }
      isFirst = false
      write(block, to: &text)
    }
  }

  private func write(_ block: Page.Block, to text: inout TextBuffer) {
    switch block {
    case .heading(let title, let level):
      text.styled(isColored ? (level <= 1 ? .bold : .cyan) : nil) { $0.append(title) }
      text.append("\n")
    case .paragraph(let sentences): wrap(sentences, indent: 0, to: &text)
    case .facts(let facts):
      let widest = facts.reduce(0) { max($0, $1.name.count) }
      for fact in facts {
        text.styled(isColored ? .dim : nil) { $0.append(fact.name) }
        text.append(UInt8(ascii: " "), repeated: widest - fact.name.count + 2)
        wrap(fact.value, indent: widest + 2, isBegun: true, fact.tone, to: &text)
      }
    case .list(let items):
      for item in items {
        text.append("  • ")
        wrap(item.text, indent: 4, isBegun: true, item.tone, to: &text)
        for command in item.commands {
          text.append("      ")
          text.styled(isColored ? .bold : nil) { $0.append(command) }
          text.append("\n")
        }
        for remark in item.remarks {
          text.append("    ")
          wrap(remark, indent: 4, isBegun: true, to: &text)
        }
      }
    case .lines(let lines):
      for line in lines {
        text.append(line)
        text.append("\n")
      }
    }
  }

  /// Words up to the width; the first line is indented already if it is begun.
  private func wrap(
    _ sentences: String, indent: Int, isBegun: Bool = false, _ tone: Page.Tone? = nil,
    to text: inout TextBuffer
  ) {
    var column = indent
    if !isBegun { text.append(UInt8(ascii: " "), repeated: indent) }
    var isFirst = true
    for word in sentences.split(separator: " ") {
      let length = word.unicodeScalars.count
      if !isFirst {
        if column + 1 + length > width {
          text.append("\n")
          text.append(UInt8(ascii: " "), repeated: indent)
          column = indent
        } else {
          text.append(" ")
          column += 1
        }
      }
      // What is bad stands in the first word.
      text.styled(isColored && isFirst ? tone?.style : nil) { $0.append(String(word)) }
      column += length
      isFirst = false
    }
    text.append("\n")
  }
}

extension Page.Tone {
  package var style: Style {
    switch self {
    case .bad: .red
    case .doubtful: .yellow
    case .good: .green
    }
  }
}
