package import Bytes
package import Diagnosis
package import DropModel

/// `--format classic`: the lines of the original dropwatch, one for each site in each interval.
///
///     15 drops at unix_stream_recvmsg+32a (0xffffffff81b1dca5) [software]
package final class ClassicLines: Sink {
  private let descriptor: Int32
  private let diagnostics: Int32
  private var text = TextBuffer()

  /// Writes lines to `descriptor`, notes and the account to `diagnostics`: scripts that read the
  /// original's output find nothing in it that they do not know.
  package init(descriptor: Int32, diagnostics: Int32) {
    self.descriptor = descriptor
    self.diagnostics = diagnostics
  }

  package let showsIdle = false

  package func begin(_ session: Session) throws(WriteError) {}

  package func show(_ report: Report, notes: [String]) throws(WriteError) {
    for note in notes {
      text.append("dropwatch: ")
      text.append(note)
      text.append("\n")
      try text.write(to: diagnostics)
    }
    for row in report.rows.rows {
      text.append(classic: row.drop.site ?? .unknown, drops: row.interval.drops)
    }
    try text.write(to: descriptor)
  }

  package func end(_ summary: Summary) throws(WriteError) {
    text.append("dropwatch: ")
    text.append(account: summary.loss)
    text.append("\n")
    try text.write(to: diagnostics)
  }
}

extension DropSite {
  /// What is shown where the kernel did not tell the site, so that the drops are shown at all.
  package static let unknown = DropSite(address: 0)
}

extension TextBuffer {
  /// Appends the original's summary line for a site.
  package mutating func append(classic site: DropSite, drops: UInt64) {
    append(decimal: drops)
    append(" drops at ")
    if let trap = site.trap {
      append(trap.name)
      append(" [hardware]\n")
      return
    }
    if let symbol = site.symbol {
      append(symbol)
      append("+")
      append(hex: site.offset)
      append(" (")
      append(hex: site.address, prefixed: true)
      append(")")
    } else {
      append("location ")
      append(hex: site.address, prefixed: true)
    }
    append(" [software]\n")
  }

  /// Appends the account in one line: "seen 1,234 = tallied 1,234; missed 0".
  ///
  /// Terms that are zero are left out, but never the sum, the tallied and the missed.
  package mutating func append(account loss: Loss) {
    append("seen ")
    append(grouped: loss.seen)
    append(" = tallied ")
    append(grouped: loss.tallied)
    append(term: " + overflowed ", loss.overflowed)
    append(term: " + filtered ", loss.filtered)
    append(term: " + excluded ", loss.excluded)
    if loss.offered > 0 {
      append("; packets offered ")
      append(grouped: loss.offered)
      append(" = delivered ")
      append(grouped: loss.delivered)
      append(term: " + limited ", loss.limited)
      append(term: " + lost ", loss.lost)
    }
    append("; missed ")
    append(grouped: loss.missed)
    if loss.isInterrupted { append(", and what was dropped while somebody else had the monitor") }
  }

  private mutating func append(term name: StaticString, _ value: UInt64) {
    guard value > 0 else { return }
    append(name)
    append(grouped: value)
  }
}
