internal import Bytes
internal import DropModel

/// What else the machine saw in the same time that bears on retransmissions.
package struct RetransmissionClue: Equatable, Sendable {
  /// The kind of counter that moved; nil of drops.
  package var counter: String?
  package var count: UInt64
  /// "TcpExtListenOverflows +15: Listeners here were full; …".
  package var text: String

  /// What moved counters say, by what knowledge knows of them, most first.
  package static func all(
    _ changes: [CounterChange], knowledge: Knowledge
  ) throws(KnowledgeError) -> [RetransmissionClue] {
    var sums: [String: CounterChange] = [:]
    for change in changes where change.change > 0 && knowledge.isClue(change.kind) {
      sums[change.kind, default: change].change &+= sums[change.kind] == nil ? 0 : change.change
    }
    var clues: [RetransmissionClue] = []
    for (kind, change) in sums {
      guard let meaning = try knowledge.counter(kind)?.retransmissions else { continue }
      clues.append(
        RetransmissionClue(
          counter: kind, count: change.change,
          text: "\(change.title) +\(grouped(change.change)): \(meaning)"))
    }
    return clues.sorted { ($1.count, $0.text) < ($0.count, $1.text) }
  }

  /// What this machine dropped of what it was sent by TCP: its senders' retransmissions, not its own; nil
  /// if it dropped nothing of that.
  package static func received(_ findings: [Finding]) -> RetransmissionClue? {
    var reasons: [(name: String, segments: UInt64)] = []
    for finding in findings where finding.severity > .benign {
      guard let station = finding.entry?.station, !station.isOutbound else { continue }
      let segments = finding.kinds.filter { $0.drop.transport == "tcp" }
        .reduce(0) { $0 &+ $1.counts.segments }
      if segments > 0 { reasons.append((finding.name, segments)) }
    }
    guard !reasons.isEmpty else { return nil }
    let all = reasons.reduce(0) { $0 &+ $1.segments }
    let shown = reasons.sorted { $1.segments < $0.segments }.prefix(3)
      .map { "\($0.name) \(grouped($0.segments))" }.joined(separator: ", ")
    return RetransmissionClue(
      counter: nil, count: all,
      text: "\(grouped(all)) TCP segments were dropped here on their way in (\(shown)): if their "
        + "senders are other machines, it is those that send again.")
  }
}

extension Knowledge {
  /// Whether a counter says something of retransmissions, without parsing its entry.
  fileprivate func isClue(_ counter: String) -> Bool {
    places[counter]?.text.contains("\n  retransmissions: ") ?? false
  }
}
