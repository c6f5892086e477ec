internal import Bytes
internal import Diagnosis
internal import DropModel

extension Page {
  /// All that changed, as far as it fits a page; nothing at all where nothing did.
  mutating func append(_ changes: WatchedChanges) {
    let most = 20
    list(
      "What changed meanwhile",
      changes.list.prefix(most).map { change in
        let place = change.namespace.map { " in netns \($0.label)" } ?? ""
        return Item(text: "\(change.time.wallTime.localClock)\(place): \(change.text)")
      })
    let more = UInt64(max(0, changes.list.count - most)) + changes.uncounted
    guard more > 0 else { return }
    let lost = changes.uncounted > 0 ? "all but \(grouped(changes.uncounted))" : "them"
    paragraph("And \(grouped(more)) changes more; --json tells \(lost).")
  }
}

extension WatchedChanges {
  /// "link eth0 set down (0.4 s before)", of the three that are next to the first drop; nil if there
  /// are none.
  func text(before finding: Finding) -> String? {
    let changes = before(finding)
    guard !changes.isEmpty else { return nil }
    let most = 3
    let texts = changes.suffix(most).map { change in
      let place =
        finding.namespace == nil ? change.namespace.map { " in netns \($0.label)" } ?? "" : ""
      return "\(change.text)\(place) (\(change.distance(to: finding.first)))"
    }
    let more = changes.count > most ? ["and \(changes.count - most) changes more"] : []
    return (texts + more).joined(separator: "; ")
  }
}
