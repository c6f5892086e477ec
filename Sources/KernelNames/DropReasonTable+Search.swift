internal import DropModel

extension DropReasonTable {
  /// The reasons with a name, with or without their subsystem ("qdisc/OVERLIMIT"), whatever its case
  /// and with or without `SKB_DROP_REASON_`; and how the kernel spells each.
  ///
  /// Without a subsystem those of the core go first: others count only if it has none.
  package func numbers(named text: String) -> [(number: UInt32, spelling: String)] {
    let parts = text.uppercased().split(separator: "/", maxSplits: 1).map(String.init)
    guard let last = parts.last else { return [] }
    let prefix = "SKB_DROP_REASON_"
    let name = last.hasPrefix(prefix) ? String(last.dropFirst(prefix.count)) : last
    let found = names.filter { _, reason in
      reason.name.uppercased() == name
        && (parts.count == 1 || reason.subsystem.uppercased() == parts[0])
    }
    let ofCore = found.filter { $0.value.subsystem == Self.core }
    let spelled = Dictionary(spellings.map { ($1, $0) }) { first, _ in first }
    return (ofCore.isEmpty ? found : ofCore).keys.sorted().map { ($0, spelled[$0] ?? name) }
  }

  /// All reasons as tables show them: "NO_SOCKET", "qdisc/OVERLIMIT".
  package var labels: [String] { names.values.map(\.label) }
}
