internal import Bytes
internal import Glibc
internal import Terminal

/// What is known of an expectation.
enum Verdict {
  /// Nothing was expected.
  case none
  /// What was expected, and whether it came true.
  case expected(String, isMet: Bool)

  /// The last cell of a row.
  var text: String {
    switch self {
    case .none: ""
    case .expected(let what, let isMet): "\(what) \(isMet ? "✓" : "✗")"
    }
  }
}

/// One section of the output: a heading, a table whose last column is the expectation, remarks.
struct Results {
  private let heading: String
  private var table: TextTable
  private var remarks: [String] = []

  /// Begins a section; `columns` are those between the name of what was measured and the
  /// expectation, and all are numbers.
  init(_ heading: String, columns: [String]) {
    self.heading = heading
    table = TextTable(
      columns: [.init("")] + columns.map { .init($0, alignsRight: true) } + [.init("expected")])
  }

  /// Adds a row with a cell for each column.
  mutating func add(_ name: String, _ cells: [String], _ verdict: Verdict = .none) {
    table.rows.append(([name] + cells + [verdict.text]).map { TextTable.Cell($0) })
  }

  /// Adds a line below the table.
  mutating func remark(_ text: String) { remarks.append(text) }

  /// Writes the section to standard output at once.
  func show() throws {
    var text = TextBuffer()
    text.append(heading)
    text.append("\n")
    table.write(to: &text, width: nil, isColored: false)
    for remark in remarks {
      text.append(remark)
      text.append("\n")
    }
    text.append("\n")
    try text.write(to: STDOUT_FILENO)
  }
}

/// A number with this many decimals, `–` if it is none.
func text(_ value: Double, digits: Int = 0) -> String {
  guard value.isFinite else { return "–" }
  var buffer = TextBuffer(capacity: 64)
  buffer.append(decimal: value, digits: digits)
  return buffer.text
}
