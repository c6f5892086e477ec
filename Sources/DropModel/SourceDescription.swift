/// What a source is and what it cannot see here: the session line's facts.
package struct SourceDescription: Equatable, Sendable {
  /// "ebpf", …: its name on the command line.
  package var name: String
  /// How it is attached, for people: "tp_btf", "raw_tp".
  package var mechanism: String
  /// What it cannot see on this machine, a sentence each.
  package var blindSpots: [String]
  /// Sources that would have been better and could not be used.
  package var refusals: [SourceRefusal]

  package init(
    name: String, mechanism: String, blindSpots: [String], refusals: [SourceRefusal] = []
  ) {
    self.refusals = refusals
    self.name = name
    self.mechanism = mechanism
    self.blindSpots = blindSpots
  }
}

/// Why a source could not be used.
package struct SourceRefusal: Equatable, Sendable {
  /// Its name on the command line.
  package var source: String
  /// One sentence: what failed, on what, and what to do.
  package var reason: String

  package init(source: String, reason: String) {
    self.source = source
    self.reason = reason
  }

  /// "ebpf cannot be used: this kernel has no BTF".
  package var sentence: String { "\(source) cannot be used: \(reason)" }
}
