internal import Bytes
package import Diagnosis
internal import DropModel
internal import Packets

extension Page {
  /// The one page: verdict, harmful, suspicious, benign, the way, counters, retransmissions, what could not be seen.
  package init(_ diagnosis: Diagnosis) {
    heading(diagnosis.verdict, level: 1)
    let session = diagnosis.session
    facts([
      ("Machine", "\(session.host), Linux \(session.kernel)"),
      ("Looked at", diagnosis.scope),
      ("Only", session.filter),
    ])
    var told: Set<String> = []
    for severity in [Severity.harmful, .suspicious] {
      let pairs = zip(diagnosis.findings, diagnosis.paddedRemedies)
        .filter { $0.0.severity == severity }
      guard !pairs.isEmpty else { continue }
      heading(severity == .harmful ? "Harmful" : "Suspicious")
      for (finding, remedy) in pairs {
        append(finding, remedy, of: diagnosis, isExplained: !told.insert(finding.name).inserted)
      }
    }
    appendBenign(diagnosis.findings(.benign))
    let way = diagnosis.way
    if !way.isQuiet {
      heading("The packet's way")
      blocks.append(.lines(way.picture))
    }
    appendCounters(diagnosis)
    if let verdict = diagnosis.retransmissions {
      heading("Is it this machine?")
      paragraph("TCP: \(verdict.sentence).")
      list(nil, (verdict.clues.map(\.text) + verdict.caveats).map { Item(text: $0) })
    }
    if let changes = diagnosis.changes { append(changes) }
    list("What could not be seen", diagnosis.losses.map { Item(text: $0) })
  }

  /// What happened, why and what to do; if that `isExplained` above, only what is this one's own.
  private mutating func append(
    _ finding: Finding, _ remedy: Remedy, of diagnosis: Diagnosis, isExplained: Bool
  ) {
    heading(finding.title(in: diagnosis.duration), level: 3)
    paragraph(
      isExplained
        ? "What happened, its causes and what to do: as above."
        : finding.entry?.what ?? "Nothing is known of this reason; please tell us of it.")
    let causes = isExplained ? [] : finding.entry?.causes ?? []
    let confidence = remedy.confidence(of: finding)
    facts(
      [
        ("Judged", "\(finding.severity.rawValue): \(finding.judgement)"),
        ("Sure", "\(confidence.level.rawValue): \(confidence.because)"),
        ("Where", finding.sites.prefix(3).joined(separator: ", ")),
        ("Who", finding.who), ("Likely cause", causes.first),
        ("Or", causes.count > 1 ? causes[1...].prefix(2).joined(separator: " ") : nil),
        ("Changed just before", diagnosis.changes?.text(before: finding)),
      ] + remedy.evidence.map { ($0.name, $0.value) })
    if let check = remedy.checks.first {
      blocks.append(.list([Item(text: "Check: \(check.shows)", commands: [check.command])]))
    }
    // The same fix, but for another rule.
    let hasOwnNames = remedy.evidence.contains { !$0.placeholders.isEmpty }
    blocks.append(
      .list(
        (isExplained && !hasOwnNames ? [] : remedy.fixes.prefix(2)).map { fix in
          Item(
            text: "Fix: \(fix.action)", commands: fix.command.map { [$0] } ?? [],
            remarks: fix.risk == "none" ? [] : ["Risk: \(fix.risk)"])
        }))
    if blocks.last == .list([]) { blocks.removeLast() }
  }

  /// Benign drops as one line: folded, never left out.
  private mutating func appendBenign(_ findings: [Finding]) {
    guard !findings.isEmpty else { return }
    let drops = findings.reduce(0) { $0 &+ $1.counts.drops }
    heading("Benign")
    paragraph(
      "\(grouped(drops)) drops that nobody misses: "
        + findings.map { finding in
          "\(grouped(finding.counts.drops)) \(finding.name)\(finding.place)"
        }.joined(separator: ", ") + ".")
  }

  private mutating func appendCounters(_ diagnosis: Diagnosis) {
    guard let reconciliation = diagnosis.reconciliation else { return }
    list(
      "Who counts what",
      reconciliation.lines.map { line in
        Item(text: line.text, tone: line.remainder > 0 || line.excess > 0 ? .doubtful : nil)
      })
    if !reconciliation.uncompared.isEmpty {
      paragraph(
        "Not compared, since their namespaces began or ended meanwhile, could not be entered, or are "
          + "not known: "
          + reconciliation.uncompared.map { "\(grouped($0.count)) \($0.name)" }
          .joined(separator: ", ") + ".")
    }
    if !reconciliation.uncounted.isEmpty {
      paragraph(
        "No counter of the kernel's counts: "
          + reconciliation.uncounted.map { "\(grouped($0.count)) \($0.name)" }
          .joined(separator: ", ") + ".")
    }
  }
}

extension Diagnosis {
  /// "10.0 s, 1,234 drops of 7 kinds".
  fileprivate var scope: String {
    var text = TextBuffer(capacity: 64)
    text.append(decimal: duration.seconds, digits: 1)
    let kinds = findings.count == 1 ? "1 kind" : "\(findings.count) kinds"
    return "\(text.text) s by \(session.source.name), \(grouped(drops)) drops of \(kinds)"
  }

  fileprivate var paddedRemedies: [Remedy] {
    remedies + Array(repeating: Remedy(), count: max(0, findings.count - remedies.count))
  }

  /// Everything that was not seen, with its number where there is one.
  fileprivate var losses: [String] {
    var sentences: [String] = []
    func tell(_ count: UInt64, _ what: String) {
      if count > 0 { sentences.append("\(grouped(count)) drops \(what)") }
    }
    tell(loss.overflowed, "of further kinds were counted only in all: --keys makes room.")
    tell(loss.missed, "could not be reported by the kernel while another was.")
    tell(loss.filtered, "were not asked for.")
    tell(loss.excluded, "were of the watcher's own packets.")
    tell(loss.lost, "were counted, but their packets were lost on the way to be looked at.")
    tell(
      loss.limited,
      "were counted, but not looked at one by one: rules about packets rest on the others.")
    if loss.isInterrupted {
      sentences.append("Somebody else ended the watching meanwhile: nobody knows what is missing.")
    }
    return sentences + blindSpots
  }
}

extension Finding {
  /// "SOCKET_RCVBUFF: 1,204 drops (120/s) on veth0@red".
  fileprivate func title(in duration: Duration) -> String {
    var rate = TextBuffer(capacity: 32)
    rate.append(decimal: Double(counts.drops) / max(duration.seconds, 1e-3), digits: 1)
    let drops = counts.drops == 1 ? "1 drop" : "\(grouped(counts.drops)) drops"
    return "\(name): \(drops) (\(rate.text)/s)\(place)"
  }

  /// " on veth0, veth1 in red"; empty where nothing is known.
  fileprivate var place: String {
    let devices = devices.prefix(3).map(\.label).joined(separator: ", ")
    return (devices.isEmpty ? "" : " on \(devices)")
      + (namespace.map { " in netns \($0.label)" } ?? "")
  }

  fileprivate var judgement: String {
    if let because { return because }
    return entry == nil ? "nothing is known that tells." : "no rule says otherwise."
  }

  /// "10.0.0.1:4242 > 10.0.0.2:53 (30 of 30 packets seen, 1 flow), named[812] bind".
  fileprivate var who: String? {
    var owner = TextBuffer(capacity: 64)
    if let main = profile.mainOwner { owner.append(main) }
    guard let main = profile.mainFlow else { return owner.count == 0 ? nil : owner.text }
    var text = TextBuffer(capacity: 128)
    text.append(main.flow.source, port: main.flow.sourcePort)
    text.append(" > ")
    text.append(main.flow.destination, port: main.flow.destinationPort)
    let flows = profile.flowCount == 1 ? "1 flow" : "\(profile.flowCount) flows"
    text.append(" (\(main.packets) of \(profile.seen) packets seen, \(flows))")
    return owner.count == 0 ? text.text : "\(text.text), \(owner.text)"
  }
}
