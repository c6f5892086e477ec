internal import Filters

extension DropFilter {
  /// Refuses, in one sentence, what a source cannot tell drops apart by.
  func require(only known: Set<Criterion>, of source: String) throws(SourceError) {
    let unknown = Criterion.allCases.filter { criteria.contains($0) && !known.contains($0) }
    guard !unknown.isEmpty else { return }
    let labels = unknown.map(\.label).joined(separator: ", ")
    throw .unsupported(
      "\(source) cannot filter by \(labels), which it does not see. Use --source ebpf")
  }
}
