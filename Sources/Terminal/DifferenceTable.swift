internal import Bytes
package import Diagnosis
package import DropModel

/// What differs between two recordings, as a table for people.
package struct DifferenceTable {
  private let dimensions: Set<Dimension>

  package init(by dimensions: Set<Dimension>) { self.dimensions = dimensions }

  package func table(of differences: [Difference]) -> TextTable {
    var table = TextTable(
      columns: [
        .init("CHANGE"), .init("BEFORE/S", alignsRight: true), .init("AFTER/S", alignsRight: true),
        .init("BEFORE", alignsRight: true, isDispensable: true),
        .init("AFTER", alignsRight: true, isDispensable: true), .init("P", alignsRight: true),
      ] + DropTable.properties(dimensions))
    table.rows = differences.map(cells)
    return table
  }

  private func cells(_ difference: Difference) -> [TextTable.Cell] {
    let isNoise = !difference.isSignificant
    let plain: Style? = isNoise ? .dim : nil
    return [
      change(difference), .init(rate(difference.rateBefore), plain),
      .init(rate(difference.rateAfter), isNoise ? .dim : .bold),
      .init(grouped(difference.before), plain), .init(grouped(difference.after), plain),
      .init(probability(difference.probability), plain),
    ] + DropTable.cells(difference.drop, dimensions, isDim: isNoise)
  }

  private func change(_ difference: Difference) -> TextTable.Cell {
    guard difference.isSignificant else {
      return .init(
        difference.change == .same ? "=" : "\(difference.change.rawValue), within noise", .dim)
    }
    return switch difference.change {
    case .new: .init("new", .red)
    case .up: .init("▲ up", .red)
    case .down: .init("▼ down", .green)
    case .gone: .init("gone", .green)
    case .same: .init("=", .dim)
    }
  }

  private func rate(_ value: Double) -> String {
    Terminal.rate(UInt64(min(value * 1000, 1e18)), .seconds(1000))
  }

  /// "0.034", "<0.001".
  private func probability(_ value: Double) -> String {
    if value < 0.001 { return "<0.001" }
    var text = TextBuffer(capacity: 16)
    text.append(decimal: value, digits: 3)
    return text.text
  }
}
