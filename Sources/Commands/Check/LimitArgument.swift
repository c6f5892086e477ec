internal import ArgumentParser
internal import Diagnosis
internal import Filters
internal import KernelNames

/// A limit on the command line: "NO_SOCKET=10".
struct LimitArgument: ExpressibleByArgument {
  private let name: String
  private let most: UInt64

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "="), equals != argument.startIndex,
      let most = UInt64(argument[argument.index(after: equals)...])
    else { return nil }
    name = String(argument[..<equals])
    self.most = most
  }

  /// The limit that is meant.
  ///
  /// Refuses a name that neither this kernel nor our knowledge has, for it would never be exceeded. What
  /// only other kernels have is no mistake: the same command is to run on all.
  func limit() throws(ValidationError) -> DropLimit {
    if let known = Knowledge.embedded.dropName(of: name) {
      return DropLimit(name: known, most: most)
    }
    let table = DropReasonTable.load()
    if name.lowercased().hasPrefix("hardware/") || !table.numbers(named: name).isEmpty {
      return DropLimit(name: name, most: most)
    }
    let near = nearNames(
      to: name, among: Array(Set(table.labels).union(Knowledge.embedded.dropNames)))
    throw ValidationError(
      "--max \(name): no drop reason or site of that name is known."
        + (near.isEmpty
          ? " See dropwatch explain --list." : " Near: \(near.joined(separator: ", "))."))
  }
}
