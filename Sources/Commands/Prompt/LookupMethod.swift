internal import ArgumentParser

/// The argument of `-l`: how addresses become names, of which there is one way; or a list of them.
enum LookupMethod: String, CaseIterable, ExpressibleByArgument {
  /// /proc/kallsyms.
  case kas
  /// Not a method: print the methods.
  case list

  /// All but the list itself.
  static let methods: [LookupMethod] = [.kas]

  /// Its line in the list, as the original writes it.
  var line: String {
    switch self {
    case .kas: "kas - use /proc/kallsyms"
    case .list: "list - show all methods"
    }
  }
}
