package import Bytes

/// A table whose columns align, in plain text.
///
/// Columns are as wide as their widest cell. Where the whole is wider than the terminal, the
/// columns that may shrink lose their middle, the widest first; a cell is never cut otherwise.
package struct TextTable: Sendable {
  /// A column's title and ways.
  package struct Column: Sendable {
    package var title: String
    package var alignsRight: Bool
    /// May be shortened down to this width when space is short; nil if never.
    package var minimumWidth: Int?

    package init(_ title: String, alignsRight: Bool = false, minimumWidth: Int? = nil) {
      self.title = title
      self.alignsRight = alignsRight
      self.minimumWidth = minimumWidth
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
    let widths = fittingWidths(width)
    write(
      columns.map { Cell($0.title, .dim) }, widths, to: &text, isColored: isColored)
    for row in rows { write(row, widths, to: &text, isColored: isColored) }
  }

  private func fittingWidths(_ available: Int?) -> [Int] {
    var widths = columns.indices.map { index in
      rows.reduce(columns[index].title.unicodeScalars.count) { widest, row in
        max(widest, row[index].text.unicodeScalars.count)
      }
    }
    guard let available else { return widths }
    var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - available
    while excess > 0 {
      let shrinkable = columns.indices.filter { widths[$0] > columns[$0].minimumWidth ?? .max }
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  private func write(
    _ cells: [Cell], _ widths: [Int], to text: inout TextBuffer, isColored: Bool
  ) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { text.append("  ") }
      let content = shorten(cell.text, to: widths[index])
      let padding = widths[index] - content.unicodeScalars.count
      if columns[index].alignsRight { text.append(UInt8(ascii: " "), repeated: padding) }
      text.styled(isColored ? cell.style : nil) { $0.append(content) }
      if !columns[index].alignsRight, index < cells.count - 1 {
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
