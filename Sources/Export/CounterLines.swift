package import Bytes
internal import Diagnosis
internal import DropModel

/// The format of `counters --json`: an object for each namespace and interval, also if nothing moved.
package final class CounterLines: CounterSink {
  private let descriptor: Int32
  private let showsTotals: Bool
  private var json = JSONWriter()

  /// `showsTotals` if each object is to have the totals that the last one has anyway.
  package init(descriptor: Int32, showsTotals: Bool) {
    self.descriptor = descriptor
    self.showsTotals = showsTotals
  }

  package func begin(_ opening: String) throws(WriteError) {}

  package func show(_ report: CounterReport, notes: [String]) throws(WriteError) {
    for note in notes {
      json.line { json in
        json.field("type", "note")
        json.field("time", report.time.rfc3339)
        json.field("text", note)
      }
    }
    for part in report.parts { json.line { write(part, of: report, to: &$0) } }
    try json.buffer.write(to: descriptor)
  }

  private func write(
    _ part: CounterReport.Part, of report: CounterReport, to json: inout JSONWriter
  ) {
    json.field("type", "counters")
    json.field("time", report.time.rfc3339)
    json.field("interval_s", report.interval.seconds, digits: 3)
    if let namespace = part.namespace {
      json.object("netns") { json in
        json.field("inode", namespace.inode)
        json.field("name", namespace.name)
      }
    }
    json.counts("changed", part.rows.filter { $0.change > 0 }.map { ($0.name, $0.change) })
    if showsTotals || report.isLast {
      json.counts("total", part.rows.map { ($0.name, $0.total) })
    }
    if report.isLast { json.field("duration_s", report.elapsed.seconds, digits: 3) }
    if !part.unknown.isEmpty { json.strings("unknown", part.unknown) }
    if !part.unread.isEmpty { json.strings("unread", part.unread) }
  }
}
