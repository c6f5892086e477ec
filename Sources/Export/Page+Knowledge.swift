package import Diagnosis

extension Page {
  /// All that is known of a reason or site.
  package init(_ entry: Entry) {
    heading(entry.name, level: 1)
    paragraph(entry.what)
    blocks.append(
      .facts(
        [
          Fact(
            name: "Severity",
            value: entry.severity.rawValue
              + (entry.rules.isEmpty ? "" : ", unless a rule says else"),
            tone: entry.severity.tone), Fact(name: "Station", value: entry.station.title),
        ]
          + (entry.kernels.map { [Fact(name: "Kernels", value: $0.text)] } ?? [])
          + (entry.reasons.isEmpty
            ? [] : [Fact(name: "Reasons here", value: entry.reasons.joined(separator: ", "))])))
    list(
      "When it is better or worse",
      entry.rules.map { rule in
        Item(
          text: "\(rule.severity.rawValue) if \(rule.condition.text): \(rule.because)",
          tone: rule.severity.tone)
      })
    list("Causes, likeliest first", entry.causes.map { Item(text: $0) })
    list(
      "See for yourself",
      entry.checks.map { Item(text: $0.shows, commands: [$0.command]) })
    list(
      "What to do",
      entry.fixes.map { fix in
        Item(
          text: fix.action, commands: fix.command.map { [$0] } ?? [],
          remarks: (fix.undo.map { ["Undo: \($0)"] } ?? [])
            + (fix.risk == "none" ? [] : ["Risk: \(fix.risk)"]))
      })
    list("Counters that move with it", entry.counters.map { Item(text: $0.text) })
    list(
      "In the kernel",
      entry.functions.map { function in
        Item(
          text: "\(function.name) in \(function.file)"
            + (function.kernels.map { " (\($0.text))" } ?? ""))
      })
    list("References", entry.references.map { Item(text: $0) })
    list(
      "See also",
      entry.related.isEmpty ? [] : [Item(text: entry.related.joined(separator: ", "))])
  }

  /// All that is known of a counter; `moving` are the entries whose drops move it.
  package init(_ counter: CounterEntry, moving entries: [String]) {
    heading(counter.name, level: 1)
    paragraph(counter.what)
    facts([
      ("Station", counter.station.title),
      ("Counts", "\(counter.unit.rawValue), one for each \(counter.scope.rawValue)"),
      ("Contained in", counter.within.isEmpty ? nil : counter.within.joined(separator: ", ")),
      ("Moves with", entries.isEmpty ? nil : entries.joined(separator: ", ")),
      ("If it moves by more", counter.remainder),
      ("Of retransmissions", counter.retransmissions),
      ("See also", counter.related.isEmpty ? nil : counter.related.joined(separator: ", ")),
    ])
  }
}

extension Severity {
  package var tone: Page.Tone {
    switch self {
    case .harmful: .bad
    case .suspicious: .doubtful
    case .benign: .good
    }
  }
}
