package import Bytes

/// A table whose columns align, in plain text.
///
/// Columns are as wide as their widest cell. Where the whole is wider than the terminal, dispensable
/// columns go first; then those that may shrink lose the middle of their cells, the widest first.
package struct TextTable: Sendable {
  /// A column's title and ways.
  package struct Column: Sendable {
    package var title: String
    package var alignsRight: Bool
    /// May be shortened down to this width when space is short; nil if never.
    package var minimumWidth: Int?
    /// Left out when space is short: what it says follows from other columns.
    package var isDispensable: Bool

    package init(
      _ title: String, alignsRight: Bool = false, minimumWidth: Int? = nil,
      isDispensable: Bool = false
    ) {
      self.title = title
      self.alignsRight = alignsRight
      self.minimumWidth = minimumWidth
      self.isDispensable = isDispensable
    }
  }

  /// Text in a style.
  package struct Cell: Sendable, ExpressibleByStringLiteral {
    package var text: String
    package var style: Style?

    package init(_ text: String, _ style: Style? = nil) {
      self.text = text
      self.style = style
    }

    package init(stringLiteral text: String) { self.init(text) }
  }

  package var columns: [Column]
  package var rows: [[Cell]] = []

  package init(columns: [Column]) { self.columns = columns }

  /// Appends the table to `text`, a header line first.
  ///
  /// `width` is that of the terminal, nil where lines may be as long as they like. The last
  /// column is not padded, so no line ends in spaces.
  package func write(to text: inout TextBuffer, width: Int?, isColored: Bool) {
    let natural = columns.indices.map { index in
      rows.reduce(columns[index].title.unicodeScalars.count) { widest, row in
        max(widest, row[index].text.unicodeScalars.count)
      }
    }
    var shown = Array(columns.indices)
    if let width, excess(of: natural, shown, over: width) > 0 {
      shown.removeAll { columns[$0].isDispensable }
    }
    let widths = shrink(natural, shown, to: width)
    write(columns.map { Cell($0.title, .dim) }, shown, widths, to: &text, isColored: isColored)
    for row in rows { write(row, shown, widths, to: &text, isColored: isColored) }
  }

  /// How many characters a line has too many; gaps between columns are two wide.
  private func excess(of widths: [Int], _ shown: [Int], over available: Int) -> Int {
    shown.reduce(-2) { $0 + widths[$1] + 2 } - available
  }

  private func shrink(_ natural: [Int], _ shown: [Int], to available: Int?) -> [Int] {
    var widths = natural
    guard let available else { return widths }
    while excess(of: widths, shown, over: available) > 0 {
      let shrinkable = shown.filter { widths[$0] > columns[$0].minimumWidth ?? .max }
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }

  private func write(
    _ cells: [Cell], _ shown: [Int], _ widths: [Int], to text: inout TextBuffer, isColored: Bool
  ) {
    for index in shown {
      let cell = cells[index]
      if index != shown.first { text.append("  ") }
      let content = shorten(cell.text, to: widths[index])
      let padding = widths[index] - content.unicodeScalars.count
      if columns[index].alignsRight { text.append(UInt8(ascii: " "), repeated: padding) }
      text.styled(isColored ? cell.style : nil) { $0.append(content) }
      if !columns[index].alignsRight, index != shown.last {
        text.append(UInt8(ascii: " "), repeated: padding)
      }
    }
    text.append("\n")
  }

  private func shorten(_ text: String, to width: Int) -> String {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count > width, width >= 3 else { return text }
    let head = (width - 1 + 1) / 2
    let tail = width - 1 - head
    var short = String.UnicodeScalarView()
    short.append(contentsOf: scalars[..<head])
    short.append("…")
    short.append(contentsOf: scalars[(scalars.count - tail)...])
    return String(short)
  }
}
