package import Diagnosis
internal import Bytes
package import DropModel

/// Rows of drops as a table for people.
package struct DropTable {
  /// What is counted: an interval beside the total, or the total alone.
  package enum Scope: Equatable {
    case interval(Duration)
    case total(Duration)
  }

  private let scope: Scope
  private let dimensions: Set<Dimension>

  package init(_ scope: Scope, by dimensions: Set<Dimension>) {
    self.scope = scope
    self.dimensions = dimensions
  }

  package func table(of rows: [Row]) -> TextTable {
    var table = TextTable(columns: columns)
    table.rows = rows.map(cells)
    return table
  }

  private var columns: [TextTable.Column] {
    var columns: [TextTable.Column] = [.init("DROPS/S", alignsRight: true)]
    if case .interval = scope {
      columns.append(.init("DROPS", alignsRight: true, isDispensable: true))
      columns.append(.init("TOTAL", alignsRight: true))
      columns.append(.init("CHANGE"))
    } else {
      columns.append(.init("DROPS", alignsRight: true))
    }
    return columns + Self.properties(dimensions)
  }

  /// The columns that say what was dropped where.
  static func properties(_ dimensions: Set<Dimension>) -> [TextTable.Column] {
    var columns: [TextTable.Column] = []
    if dimensions.contains(.reason) { columns.append(.init("REASON", minimumWidth: 10)) }
    if dimensions.contains(.site) { columns.append(.init("SITE", minimumWidth: 12)) }
    if dimensions.contains(.device) { columns.append(.init("DEVICE", minimumWidth: 5)) }
    if showsNamespace(dimensions) { columns.append(.init("NETNS", minimumWidth: 5)) }
    if dimensions.contains(.protocol) { columns.append(.init("PROTO", minimumWidth: 5)) }
    return columns
  }

  private static func showsNamespace(_ dimensions: Set<Dimension>) -> Bool {
    !dimensions.isDisjoint(with: [.netns, .device])
  }

  private func cells(_ row: Row) -> [TextTable.Cell] {
    let isIdle = scope.isInterval && row.change == .idle
    let plain: Style? = isIdle ? .dim : nil
    var cells: [TextTable.Cell] = []
    switch scope {
    case .interval(let duration):
      cells = [
        .init(rate(row.interval.drops, duration), isIdle ? .dim : .bold),
        .init(grouped(row.interval.drops), plain), .init(grouped(row.total.drops), plain),
        change(row, duration),
      ]
    case .total(let duration):
      cells = [.init(rate(row.total.drops, duration)), .init(grouped(row.total.drops), .bold)]
    }
    return cells + Self.cells(row.drop, dimensions, isDim: isIdle)
  }

  /// A drop's cells in the columns of ``properties(_:)``.
  static func cells(
    _ drop: Drop, _ dimensions: Set<Dimension>, isDim: Bool
  ) -> [TextTable.Cell] {
    let plain: Style? = isDim ? .dim : nil
    var cells: [TextTable.Cell] = []
    if dimensions.contains(.reason) {
      cells.append(.init(drop.reason?.label ?? "-", isDim ? .dim : .yellow))
    }
    if dimensions.contains(.site) {
      let label = drop.siteLabel
      cells.append(.init(label.isEmpty ? "-" : label, isDim ? .dim : .cyan))
    }
    if dimensions.contains(.device) { cells.append(.init(drop.device?.label ?? "-", plain)) }
    if showsNamespace(dimensions) { cells.append(.init(drop.namespace?.label ?? "-", plain)) }
    if dimensions.contains(.protocol) {
      cells.append(.init(drop.protocolLabel.isEmpty ? "-" : drop.protocolLabel, plain))
    }
    return cells
  }

  private func change(_ row: Row, _ duration: Duration) -> TextTable.Cell {
    let (now, before) = (row.interval.drops, row.previous.drops)
    return switch row.change {
    case .new: .init("new", .red)
    case .up: .init("▲ \(rate(now - before, duration))", .red)
    case .down: .init("▼ \(rate(before - now, duration))", .green)
    case .same: .init("=", .dim)
    case .idle: .init("idle", .dim)
    }
  }
}

extension DropTable.Scope {
  fileprivate var isInterval: Bool {
    if case .interval = self { true } else { false }
  }
}

/// Events per second in few characters: "0.4", "25.0", "12.3k", "2.1M".
package func rate(_ count: UInt64, _ duration: Duration) -> String {
  let value = Double(count) / max(duration.seconds, 1e-9)
  var text = TextBuffer(capacity: 32)
  switch value {
  case ..<999.95: text.append(decimal: value, digits: 1)
  case ..<999_950:
    text.append(decimal: value / 1e3, digits: 1)
    text.append("k")
  default:
    text.append(decimal: value / 1e6, digits: 2)
    text.append("M")
  }
  return text.text
}
