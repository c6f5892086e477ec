package import DropModel

/// What a look at a machine, or at a recording of one, came to.
package struct Diagnosis: Sendable {
  package var session: Session
  /// How long was looked.
  package var duration: Duration
  /// Harmful ones first, then by number.
  package var findings: [Finding]
  package var loss: Loss
  /// Live values, checks and fixes of each finding, in the same order.
  package var remedies: [Remedy] = []
  /// nil where the machine's counters were not read: of a recording.
  package var reconciliation: Reconciliation?
  /// nil where retransmissions were not watched.
  package var retransmissions: RetransmissionVerdict?
  /// nil where nobody watched what changes: of a recording.
  package var changes: WatchedChanges?
  /// What could not be seen, a sentence each.
  package var blindSpots: [String]

  package init(
    session: Session, duration: Duration, findings: [Finding], loss: Loss, blindSpots: [String]
  ) {
    self.session = session
    self.duration = duration
    self.findings = findings
    self.loss = loss
    self.blindSpots = blindSpots
  }

  /// All drops that were judged.
  package var drops: UInt64 { findings.reduce(0) { $0 &+ $1.counts.drops } }

  /// Those of a severity.
  package func findings(_ severity: Severity) -> [Finding] {
    findings.filter { $0.severity == severity }
  }

  /// Whether somebody's packets are missing: what status 1 of `dropwatch diagnose` says.
  package var isHarmful: Bool { findings.contains { $0.severity == .harmful } }

  /// The verdict in one sentence.
  package var verdict: String {
    let harmful = findings(.harmful)
    let drops = harmful.reduce(0) { $0 &+ $1.counts.drops }
    if let worst = harmful.first {
      return harmful.count == 1
        ? "Harm found: \(drops) drops, \(worst.name)."
        : "Harm found: \(drops) drops of \(harmful.count) kinds, most of them \(worst.name)."
    }
    let suspicious = findings(.suspicious).reduce(0) { $0 &+ $1.counts.drops }
    if suspicious > 0 { return "No harm found for sure; \(suspicious) drops should be looked at." }
    return self.drops == 0 ? "No harm found: nothing was dropped." : "No harm found."
  }
}

/// What a finding leads to on this machine: names and values filled in.
package struct Remedy: Sendable {
  package var evidence: [Evidence] = []
  package var checks: [Entry.Check] = []
  package var fixes: [Entry.Fix] = []

  package init() {}

  /// How sure a finding is, as far as the machine has more to say of that than its packets.
  package func confidence(
    of finding: Finding
  ) -> (level: Finding.Confidence, because: String) {
    evidence.lazy.compactMap(\.confidence).first.map { ($0.level, $0.because) }
      ?? finding.confidence
  }
}

/// A live value, read from the machine.
package struct Evidence: Equatable, Sendable {
  /// What was read: "sysctl net.core.rmem_default", "socket".
  package var name: String
  /// What it was: "212992"; or why it could not be read.
  package var value: String
  package var isKnown: Bool
  /// Names that it has for commands: the next hop, a rule's handle.
  package var placeholders: [Placeholder: String]
  /// How sure it makes the finding; nil if it does not tell.
  package var confidence: Confidence?

  /// How sure a finding is, and why.
  package struct Confidence: Equatable, Sendable {
    package var level: Finding.Confidence
    package var because: String

    package init(level: Finding.Confidence, because: String) {
      self.level = level
      self.because = because
    }
  }

  package init(
    name: String, value: String, isKnown: Bool = true, placeholders: [Placeholder: String] = [:]
  ) {
    self.name = name
    self.value = value
    self.isKnown = isKnown
    self.placeholders = placeholders
  }
}
