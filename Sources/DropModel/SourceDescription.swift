/// What a source is and what it cannot see here: the session line's facts.
package struct SourceDescription: Equatable, Sendable {
  /// "ebpf", …: its name on the command line.
  package var name: String
  /// How it is attached, for people: "tp_btf", "raw_tp".
  package var mechanism: String
  /// What it cannot see on this machine, a sentence each.
  package var blindSpots: [String]

  package init(name: String, mechanism: String, blindSpots: [String]) {
    self.name = name
    self.mechanism = mechanism
    self.blindSpots = blindSpots
  }
}
