package import Bytes
package import Diagnosis

extension JSONWriter {
  /// An entry as a line of `dropwatch explain --json`.
  package mutating func line(_ entry: Entry) {
    line { json in
      json.field("type", "explanation")
      json.field("name", entry.name)
      json.field("kind", entry.isSite ? "site" : "reason")
      json.field("layer", entry.layer)
      json.field("what", entry.what)
      json.field("station", entry.station.rawValue)
      json.field("severity", entry.severity.rawValue)
      json.field("kernels", entry.kernels?.description)
      json.objects("rules", entry.rules) { json, rule in
        json.field("if", rule.condition.text)
        json.field("severity", rule.severity.rawValue)
        json.field("because", rule.because)
      }
      json.strings("causes", entry.causes)
      json.objects("counters", entry.counters) { json, effect in
        json.field("name", effect.counter)
        json.field("unit", effect.unit.rawValue)
        json.field("if", effect.condition == Condition() ? nil : effect.condition.text)
      }
      json.strings("evidence", entry.evidence.map(\.text))
      json.objects("checks", entry.checks) { json, check in
        json.field("run", check.command)
        json.field("shows", check.shows)
      }
      json.objects("fixes", entry.fixes) { json, fix in
        json.field("do", fix.action)
        json.field("run", fix.command)
        json.field("undo", fix.undo)
        json.field("risk", fix.risk)
      }
      json.objects("where", entry.functions) { json, function in
        json.field("function", function.name)
        json.field("file", function.file)
        json.field("kernels", function.kernels?.description)
      }
      json.strings("references", entry.references)
      json.strings("see", entry.related)
    }
  }

  /// A counter as such a line; `entries` are those whose drops move it.
  package mutating func line(_ counter: CounterEntry, moving entries: [String]) {
    line { json in
      json.field("type", "explanation")
      json.field("name", counter.name)
      json.field("kind", "counter")
      json.field("layer", "counters")
      json.field("what", counter.what)
      json.field("station", counter.station.rawValue)
      json.field("per", counter.scope.rawValue)
      json.field("unit", counter.unit.rawValue)
      json.field("bad", counter.isBad)
      json.strings("within", counter.within)
      json.field("remainder", counter.remainder)
      json.field("retransmissions", counter.retransmissions)
      json.strings("moves_with", entries)
      json.strings("see", counter.related)
    }
  }

  /// What has the words that were asked for, as such a line.
  package mutating func line(_ match: Answer.Match) {
    line { json in
      json.field("type", "match")
      json.field("name", match.name)
      json.field("layer", match.layer)
      json.field("what", match.what)
    }
  }
}
