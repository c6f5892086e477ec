internal import ArgumentParser
internal import Diagnosis
internal import DropModel

/// Which drops are shown together and in what order: the options of every command that counts.
struct ViewOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What drops are told apart by, may be repeated; without it by all of them.",
      valueName: "property"))
  var by: [Dimension] = []

  @Option(help: ArgumentHelp("What comes first.", valueName: "order"))
  var sort: Ranking.Order = .drops

  @Option(help: ArgumentHelp("Show only the first N rows; the rest is counted.", valueName: "n"))
  var top: Int?

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top takes a number from 1 on.") }
  }

  /// How rows are made for a format, whose own properties hold unless others are asked for.
  func ranking(for format: OutputOptions.Format) -> Ranking {
    let all: Set = format == .classic ? [.site] : Set(Dimension.allCases)
    return Ranking(dimensions: by.isEmpty ? all : Set(by), order: sort, limit: top)
  }
}

extension Dimension: ExpressibleByArgument {}
extension Ranking.Order: ExpressibleByArgument {}
