import DropLab

/// The arguments of `droplab run`.
struct RunOptions {
  /// Names of cases, or `all`.
  var names: [String] = []
  /// How often each is run.
  var rounds = 1
  /// Whether to wait for a line on standard input before each provocation.
  var steps = false

  /// Parses what follows the word `run`; throws if it cannot be understood.
  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--step": steps = true
      case "--repeat":
        guard let rounds = rest.popFirst().flatMap({ Int($0) }), (1...1000).contains(rounds) else {
          throw LabError("--repeat wants a number from 1 to 1000")
        }
        self.rounds = rounds
      default: names.append(word)
      }
    }
    guard !names.isEmpty else { throw LabError("run wants names of cases, or all") }
  }
}
