package import Bytes
package import Diagnosis
internal import DropModel

extension JSONWriter {
  /// A diagnosis as the one line of `dropwatch diagnose --json`.
  package mutating func line(_ diagnosis: Diagnosis) {
    line { json in
      json.field("type", "diagnosis")
      json.field("schema", 1)
      json.field("version", diagnosis.session.version)
      json.field("kernel", diagnosis.session.kernel)
      json.field("host", diagnosis.session.host)
      json.field("started", diagnosis.session.started.rfc3339)
      json.field("duration_s", diagnosis.duration.seconds, digits: 3)
      json.nullable("filter", diagnosis.session.filter)
      json.field("verdict", diagnosis.verdict)
      json.field("harmful", diagnosis.isHarmful)
      json.field("drops", diagnosis.drops)
      let remedies = diagnosis.remedies
      json.objects("findings", Array(diagnosis.findings.enumerated())) { json, element in
        let hasRemedy = element.offset < remedies.count
        json.describe(element.element, hasRemedy ? remedies[element.offset] : Remedy())
        if let changes = diagnosis.changes {
          json.strings("changes_before", changes.before(element.element).map(\.text))
        }
        if hasRemedy { json.describe(remedies[element.offset]) }
      }
      json.describe(diagnosis.way)
      if let reconciliation = diagnosis.reconciliation {
        json.objects("counters", reconciliation.lines) { json, line in
          json.field("name", line.counter.kind)
          json.field("instance", line.counter.instance)
          if line.counter.namespace != 0 { json.field("netns", line.counter.namespace) }
          json.field("change", line.counter.change)
          json.field("explained", line.explained)
          json.field("remainder", line.remainder)
          json.field("excess", line.excess)
          json.objects("parts", line.parts) { $0.describe($1) }
          json.field("meaning", line.remainder > 0 ? line.knowledge?.remainder : nil)
        }
        json.objects("uncounted", reconciliation.uncounted) { $0.describe($1) }
        json.objects("uncompared", reconciliation.uncompared) { $0.describe($1) }
      }
      if let verdict = diagnosis.retransmissions {
        json.object("retransmissions") { json in
          json.field("sentence", verdict.sentence)
          json.describe(verdict.counts)
          json.strings("caveats", verdict.caveats)
          json.describe(verdict.clues)
        }
      }
      if let changes = diagnosis.changes {
        json.objects("changes", changes.list) { $0.describe($1) }
        if changes.uncounted > 0 { json.field("changes_uncounted", changes.uncounted) }
      }
      json.object("loss") { $0.describe(diagnosis.loss) }
      json.strings("blind", diagnosis.blindSpots)
    }
  }

  private mutating func describe(_ part: Reconciliation.Line.Part) {
    field("reason", part.name)
    field("drops", part.count)
  }

  private mutating func describe(_ change: StateChange) {
    field("time", change.time.wallTime.rfc3339)
    field("since", change.since.wallTime.rfc3339)
    if let namespace = change.namespace { describe(namespace) }
    field("kind", change.kind.rawValue)
    field("text", change.text)
  }

  private mutating func describe(_ namespace: NetworkNamespace) {
    object("netns") { json in
      json.field("inode", namespace.inode)
      json.field("name", namespace.name)
    }
  }

  private mutating func describe(_ way: PacketWay) {
    objects("way", way.stops) { json, stop in
      json.field("station", stop.station.rawValue)
      json.field("drops", stop.drops)
      json.objects("parts", stop.causes) { $0.describe($1) }
      json.objects("counters", stop.counters) { json, counter in
        json.field("name", counter.kind)
        json.field("change", counter.change)
        json.field("remainder", counter.remainder)
      }
    }
    field("unplaced", way.unplaced)
  }

  private mutating func describe(_ finding: Finding, _ remedy: Remedy) {
    let confidence = remedy.confidence(of: finding)
    field("name", finding.name)
    field("severity", finding.severity.rawValue)
    field("because", finding.because)
    field("what", finding.entry?.what)
    field("station", finding.entry?.station.rawValue)
    field("confidence", confidence.level.rawValue)
    field("confidence_because", confidence.because)
    field("drops", finding.counts.drops)
    field("bytes", finding.counts.bytes)
    field("segments", finding.counts.segments)
    field("rate", finding.rate, digits: 3)
    if let namespace = finding.namespace { describe(namespace) }
    strings("devices", finding.devices.map(\.label))
    strings("sites", finding.sites)
    strings("causes", finding.entry?.causes ?? [])
    field("packets_seen", finding.profile.seen)
    field("flows_seen", finding.profile.flowCount)
  }

  private mutating func describe(_ remedy: Remedy) {
    objects("evidence", remedy.evidence) { json, evidence in
      json.field("name", evidence.name)
      if evidence.isKnown {
        json.field("value", evidence.value)
      } else {
        json.null("value")
        json.field("problem", evidence.value)
      }
    }
    objects("checks", remedy.checks) { json, check in
      json.field("run", check.command)
      json.field("shows", check.shows)
    }
    objects("fixes", remedy.fixes) { json, fix in
      json.field("do", fix.action)
      json.field("run", fix.command)
      json.field("undo", fix.undo)
      json.field("risk", fix.risk)
    }
  }
}
