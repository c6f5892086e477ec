internal import ArgumentParser

/// What packets must match: the last argument of every command that looks at drops, in quotes or not.
struct ExpressionArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "What packets must match, as tcpdump has it: 'udp port 53 and host 10.0.0.2'.",
      valueName: "expression"))
  var words: [String] = []

  init() {}

  /// One that was given in quotes; nil for none.
  init(_ expression: String?) { words = expression.map { [$0] } ?? [] }

  /// As one expression; empty if none was given.
  var text: String { words.joined(separator: " ") }
}
