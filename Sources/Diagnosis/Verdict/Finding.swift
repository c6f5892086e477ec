package import DropModel

/// Drops that have one explanation and one judgement, in one namespace.
package struct Finding: Sendable {
  /// The name of what explains them: a reason, or a site.
  package var name: String
  /// What is known of it; nil if nothing is.
  package var entry: Entry?
  package var severity: Severity
  /// Why a rule took them for better or worse; nil if none did.
  package var because: String?
  package var namespace: NetworkNamespace?
  package var counts = Counts.zero
  /// Drops per second of the window.
  package var rate = 0.0
  package var first = MonotonicTime(nanoseconds: .max)
  package var last = MonotonicTime(nanoseconds: 0)
  /// Each kind of them, most first.
  package var kinds: [(drop: Drop, counts: Counts)] = []
  package var profile = PacketProfile()

  /// The devices that they were on, by name, most drops first.
  package var devices: [Device] {
    var devices: [Device] = []
    for kind in kinds {
      if let device = kind.drop.device, !devices.contains(device) { devices.append(device) }
    }
    return devices
  }

  /// The functions they were dropped in, most drops first.
  package var sites: [String] {
    var sites: [String] = []
    for kind in kinds {
      if let site = kind.drop.site?.label, !sites.contains(site) { sites.append(site) }
    }
    return sites
  }

  /// How sure the explanation is.
  package enum Confidence: String, Sendable { case high, medium, low }

  /// How sure it is and why, in one sentence.
  package var confidence: (level: Confidence, because: String) {
    guard let entry else { return (.low, "nothing is known of this reason or function") }
    if entry.isSite {
      return (
        .medium, "the kernel gives no reason here: the function tells only what it may have been"
      )
    }
    if entry.name == Knowledge.unspecified {
      return (.low, "the kernel gives no reason, and nothing is known of the function")
    }
    if profile.seen == 0 {
      return (.medium, "the kernel names the reason; no packet was seen whole")
    }
    let packets = profile.seen == 1 ? "1 packet was" : "\(profile.seen) packets were"
    return (.high, "the kernel names the reason, and \(packets) looked at")
  }
}

extension Finding {
  /// Judges all kinds of drops of a window and puts together what is alike: harmful ones first, then by
  /// number.
  package static func all(
    _ kinds: [(circumstances: Circumstances, entry: Ledger.Entry)], knowledge: Knowledge
  ) throws(KnowledgeError) -> [Finding] {
    struct Key: Hashable {
      var name: String
      var severity: Severity
      var because: String?
      var namespace: NetworkNamespace?
    }
    var findings: [Key: Finding] = [:]
    for (circumstances, tally) in kinds where tally.total.drops > 0 {
      let drop = circumstances.drop
      let name = knowledge.name(for: drop) ?? drop.reason?.label ?? drop.site?.label ?? "unknown"
      let entry = try knowledge.entry(name)
      let rule = entry?.rules.first { $0.condition.holds(in: circumstances) }
      let key = Key(
        name: name, severity: rule?.severity ?? entry?.severity ?? .suspicious,
        because: rule?.because, namespace: drop.namespace)
      var finding =
        findings[key]
        ?? Finding(
          name: name, entry: entry, severity: key.severity, because: key.because,
          namespace: drop.namespace)
      finding.counts += tally.total
      finding.rate += circumstances.rate
      finding.first = min(finding.first, tally.first)
      finding.last = max(finding.last, tally.last)
      finding.kinds.append((drop, tally.total))
      finding.profile += circumstances.profile
      findings[key] = finding
    }
    return findings.values.map { finding in
      var finding = finding
      finding.kinds.sort { $0.counts.drops > $1.counts.drops }
      return finding
    }
    .sorted { left, right in
      if left.severity != right.severity { return left.severity > right.severity }
      return (right.counts.drops, left.name) < (left.counts.drops, right.name)
    }
  }
}
