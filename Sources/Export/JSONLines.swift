package import Bytes
package import Diagnosis
package import DropModel

/// The format of `--json`: one object a line, flushed line by line.
///
/// The promise to scripts is docs/output.md.
package final class JSONLines: Sink {
  private let descriptor: Int32
  private var json = JSONWriter()
  private var packets = PacketObjects()

  package init(descriptor: Int32) { self.descriptor = descriptor }

  package let showsIdle = false

  package func begin(_ session: Session) throws(WriteError) {
    try write { json in
      json.field("type", "session")
      json.field("schema", 1)
      json.field("version", session.version)
      json.field("source", session.source.name)
      json.field("mechanism", session.source.mechanism)
      json.field("kernel", session.kernel)
      json.field("host", session.host)
      json.field("started", session.started.rfc3339)
      json.nullable("filter", session.filter)
      json.strings("blind", session.source.blindSpots)
      if !session.source.refusals.isEmpty {
        json.objects("refused", session.source.refusals) { json, refusal in
          json.field("source", refusal.source)
          json.field("reason", refusal.reason)
        }
      }
    }
  }

  package func take(_ batch: DropBatch, names: any DropNames) throws(WriteError) {
    for packet in batch.packets.packets {
      packets.write(packet, of: batch, names: names, to: &json)
      // Many at once: a write for each would take longer than all else.
      if json.buffer.count > 192 << 10 { try json.buffer.write(to: descriptor) }
    }
    try json.buffer.write(to: descriptor)
  }

  package func show(_ report: Report, notes: [String]) throws(WriteError) {
    packets.forgetNames()
    for note in notes {
      try write { json in
        json.field("type", "note")
        json.field("time", report.time.rfc3339)
        json.field("text", note)
      }
    }
    for row in report.rows.rows {
      try write { json in
        json.field("type", "tally")
        json.field("time", report.time.rfc3339)
        json.field("interval_s", report.interval.seconds, digits: 3)
        json.field("drops", row.interval.drops)
        json.field("bytes", row.interval.bytes)
        json.field("segments", row.interval.segments)
        json.field("total", row.total.drops)
        json.describe(row.drop)
      }
    }
    try write(report.loss)
  }

  package func end(_ summary: Summary) throws(WriteError) {
    try write { json in
      json.field("type", "summary")
      json.field("time", summary.time.rfc3339)
      json.field("duration_s", summary.duration.seconds, digits: 3)
      json.field("drops", summary.drops)
      json.field("sites", summary.sites)
      if let percent = summary.processorPercent {
        json.object("cost") { $0.field("cpu_percent", percent, digits: 2) }
      }
    }
  }

  private func write(_ loss: Loss) throws(WriteError) {
    try write { json in
      json.field("type", "loss")
      json.describe(loss)
    }
  }

  private func write(_ body: (inout JSONWriter) -> Void) throws(WriteError) {
    json.line(body)
    try json.buffer.write(to: descriptor)
  }
}

extension JSONWriter {
  /// The fields of an account.
  mutating func describe(_ loss: Loss) {
    field("seen", loss.seen)
    field("tallied", loss.tallied)
    field("overflowed", loss.overflowed)
    field("filtered", loss.filtered)
    field("excluded", loss.excluded)
    field("offered", loss.offered)
    field("delivered", loss.delivered)
    field("limited", loss.limited)
    field("lost", loss.lost)
    field("missed", loss.missed)
    if loss.isInterrupted { field("interrupted", true) }
  }

  /// The fields that say what was dropped where.
  mutating func describe(_ drop: Drop) {
    field("reason", drop.reason?.name)
    field("subsystem", drop.reason?.subsystem)
    field("group", drop.reason?.group)
    field("severity", Knowledge.embedded.severity(of: drop)?.rawValue)
    if let site = drop.site, site.trap == nil {
      object("site") { json in
        json.nullable("symbol", site.symbol)
        if site.symbol != nil { json.field("offset", site.offset) }
        json.field("address", "0x" + String(site.address, radix: 16))
        json.nullable("module", site.module)
        // Source lines need debug information, which nobody should need: null unless asked for.
        json.nullable("file", site.file)
        if let line = site.line { json.field("line", line) } else { json.null("line") }
      }
    }
    if let namespace = drop.namespace {
      object("netns") { json in
        json.field("inode", namespace.inode)
        json.field("name", namespace.name)
      }
    }
    if let device = drop.device {
      object("device") { json in
        json.field("index", device.index)
        json.field("name", device.name)
      }
    }
    field("protocol", drop.networkProtocol)
    field("transport", drop.transport)
    if let qdisc = drop.qdisc {
      object("qdisc") { json in
        json.field("kind", qdisc.kind)
        json.field("handle", qdisc.handleText)
        json.field("parent", qdisc.parentText)
      }
    }
  }
}
