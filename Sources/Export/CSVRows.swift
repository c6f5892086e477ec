package import Bytes
package import Diagnosis
internal import DropModel

/// A table for spreadsheets: a line per interval and row, RFC 4180 with a header line.
///
/// Names that are not known are empty fields.
package final class CSVRows: Sink {
  private let descriptor: Int32
  private var buffer = TextBuffer()

  package init(descriptor: Int32) { self.descriptor = descriptor }

  package let showsIdle = false

  package func begin(_ session: Session) throws(WriteError) {
    buffer.append(
      "time,interval_s,drops,bytes,segments,subsystem,reason,symbol,offset,module,netns,device,"
        + "protocol,transport,qdisc\r\n")
    try buffer.write(to: descriptor)
  }

  package func show(_ report: Report, notes: [String]) throws(WriteError) {
    for row in report.rows.rows {
      let drop = row.drop
      buffer.append(report.time.rfc3339)
      buffer.append(",")
      buffer.append(decimal: report.interval.seconds, digits: 3)
      for count in [row.interval.drops, row.interval.bytes, row.interval.segments] {
        buffer.append(",")
        buffer.append(decimal: count)
      }
      append(drop.reason?.subsystem)
      append(drop.reason?.name)
      append(drop.site.flatMap { $0.trap?.name ?? $0.symbol ?? $0.label })
      append(drop.site?.symbol == nil ? nil : drop.site.map { String($0.offset) })
      append(drop.site?.module)
      append(drop.namespace?.label)
      append(drop.device?.label)
      append(drop.networkProtocol)
      append(drop.transport)
      append(drop.qdisc?.label)
      buffer.append("\r\n")
    }
    try buffer.write(to: descriptor)
  }

  package func end(_ summary: Summary) throws(WriteError) {}

  /// A field; one that holds a separator, a quote or a line's end stands in quotes.
  private func append(_ text: String?) {
    buffer.append(",")
    guard let text else { return }
    if text.contains(where: { "\",\r\n".contains($0) }) {
      buffer.append(
        "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
      )
    } else {
      buffer.append(text)
    }
  }
}
