/// What is known of a counter.
package struct CounterEntry: Equatable, Sendable {
  /// What there is one of for each such thing.
  package enum Scope: String, CaseIterable, Sendable {
    case host, cpu, netns, device, qdisc, socket
  }

  /// Without the instance: "link.rx_dropped".
  package var name: String
  package var what: String
  package var station: Station
  package var scope: Scope
  package var unit: Entry.CounterEffect.Unit
  /// Counters that contain it.
  package var within: [String]
  /// Whether it counts loss.
  package var isBad: Bool
  /// What it means that it moved more than drops explain.
  package var remainder: String?
  /// What it means for segments that were sent again; nil if it has nothing to do with that.
  package var retransmissions: String?
  package var related: [String]
}
