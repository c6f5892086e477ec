package import Bytes
internal import Diagnosis
internal import DropModel
package import Export

/// Counters for people: a table for each interval in which something moved, grouped by station in the
/// order of a packet's way, loss first and marked.
package final class CounterTable: CounterSink {
  private let terminal: TerminalDevice
  private let isColored: Bool
  private var buffer = TextBuffer()
  private var isFirst = true

  package init(terminal: TerminalDevice, isColored: Bool) {
    self.terminal = terminal
    self.isColored = isColored
  }

  package func begin(_ opening: String) throws(WriteError) {
    buffer.append(opening)
    buffer.append("\n")
    try buffer.write(to: terminal.descriptor)
  }

  package func show(_ report: CounterReport, notes: [String]) throws(WriteError) {
    for note in notes { buffer.append("note: \(note)\n") }
    let rows = Self.sorted(report)
    if report.isLast {
      total(rows, report)
    } else if !rows.isEmpty {
      head(report) { $0.append(Self.count(rows.count(where: { $0.row.change > 0 }))) }
      append(rows, report.interval, over: report)
    } else if isFirst {
      head(report) { $0.append("nothing moved yet") }
    }
    let unknown = report.parts.flatMap(\.unknown)
    if !unknown.isEmpty {
      let more = unknown.count > 3 ? " and \(unknown.count - 3) more" : ""
      buffer.append("note: by how much these moved is not known, as they were set back or are ")
      buffer.append("new: \(unknown.prefix(3).joined(separator: ", "))\(more)\n")
    }
    isFirst = false
    try buffer.write(to: terminal.descriptor)
  }

  private typealias PlacedRow = (row: CounterReport.Row, namespace: NetworkNamespace?)

  private func head(_ report: CounterReport, _ body: (inout TextBuffer) -> Void) {
    buffer.styled(isColored ? .bold : nil) { text in
      text.append("\(report.time.localClock)  ")
      text.append(decimal: report.interval.seconds, digits: 1)
      text.append(" s  ")
      body(&text)
    }
    buffer.append("\n")
  }

  private func total(_ rows: [PlacedRow], _ report: CounterReport) {
    buffer.styled(isColored ? .bold : nil) { text in
      text.append("\(Self.count(rows.count)) in ")
      text.append(decimal: report.elapsed.seconds, digits: 1)
      text.append(" s")
    }
    buffer.append("\n")
    append(rows, nil, over: report)
  }

  private static func count(_ counters: Int) -> String {
    counters == 1 ? "1 counter moved" : "\(counters) counters moved"
  }

  /// By station; loss first, then the largest.
  private static func sorted(_ report: CounterReport) -> [PlacedRow] {
    let stations = Dictionary(
      uniqueKeysWithValues: Station.allCases.enumerated().map { ($1, $0) })
    let rows = report.parts.flatMap { part in part.rows.map { ($0, part.namespace) } }
    return rows.sorted { left, right in
      let (one, other) = (left.0, right.0)
      if one.meaning.station != other.meaning.station {
        return stations[one.meaning.station] ?? 0 < stations[other.meaning.station] ?? 0
      }
      if one.meaning.harm != other.meaning.harm { return one.meaning.harm > other.meaning.harm }
      if one.total != other.total { return one.total > other.total }
      return one.name < other.name
    }
  }

  /// `interval` is that of the changes; nil for totals only.
  private func append(_ rows: [PlacedRow], _ interval: Duration?, over report: CounterReport) {
    guard !rows.isEmpty else { return }
    let width = terminal.isTerminal ? terminal.size?.columns : nil
    // Less room than that says nothing in a sentence.
    let showsMeaning = width ?? .max >= 120
    let showsNamespace = report.parts.count { $0.namespace != nil } > 1
    var columns: [TextTable.Column] = [
      .init("STATION"), .init(""), .init("COUNTER", minimumWidth: 24),
    ]
    if showsNamespace { columns.append(.init("NETNS", minimumWidth: 6)) }
    if interval != nil { columns.append(.init("CHANGE", alignsRight: true)) }
    columns += [.init("RATE/S", alignsRight: true), .init("TOTAL", alignsRight: true)]
    if showsMeaning { columns.append(.init("MEANING", minimumWidth: 24)) }
    var table = TextTable(columns: columns)
    var station: Station?
    for (row, namespace) in rows {
      var cells: [TextTable.Cell] = [
        .init(row.meaning.station == station ? "" : row.meaning.station.title, .cyan),
        Self.mark(row.meaning.harm), .init(row.name, row.meaning.harm == .loss ? .yellow : nil),
      ]
      if showsNamespace { cells.append(.init(namespace?.label ?? "-")) }
      if interval != nil { cells.append(.init(grouped(row.change), .bold)) }
      cells.append(
        .init(rate(interval == nil ? row.total : row.change, interval ?? report.elapsed)))
      cells.append(.init(grouped(row.total)))
      if showsMeaning { cells.append(.init(row.meaning.what ?? "-", .dim)) }
      table.rows.append(cells)
      station = row.meaning.station
    }
    table.write(to: &buffer, width: width, isColored: isColored)
    buffer.append("\n")
  }

  private static func mark(_ harm: CounterMeaning.Harm) -> TextTable.Cell {
    switch harm {
    case .loss: .init("!", .red)
    case .suspected: .init("?", .yellow)
    case .none: ""
    }
  }
}
