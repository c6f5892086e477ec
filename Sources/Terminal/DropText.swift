package import Bytes
package import Diagnosis
package import DropModel
internal import Export

/// The parts of a report in text, shared by the plain table and the live screen.
package struct DropText: Sendable {
  package var dimensions: Set<Dimension>
  package var isColored: Bool

  package init(dimensions: Set<Dimension>, isColored: Bool) {
    self.dimensions = dimensions
    self.isColored = isColored
  }

  /// "dropwatch 0.1.0 · ebpf (tp_btf) · Linux 6.18.44 on web1": what is watched, how; and a line
  /// for what is asked for, if not for everything.
  package func append(_ session: Session, to text: inout TextBuffer) {
    text.styled(isColored ? .bold : nil) { text in
      text.append("dropwatch ")
      text.append(session.version)
    }
    text.append(
      " · \(session.source.name) (\(session.source.mechanism)) · Linux \(session.kernel) on \(session.host)\n"
    )
    if let filter = session.filter { text.append("Filter: \(filter)\n") }
  }

  /// Why it is not a better source, and what it cannot see.
  package func appendLimits(_ session: Session, to text: inout TextBuffer) {
    for refusal in session.source.refusals { text.append("\(refusal.sentence)\n") }
    text.styled(isColored ? .dim : nil) { text in
      text.append("Cannot see: \(session.source.blindSpots.joined(separator: "; ")).\n")
    }
  }

  /// "10:24:22  1,234 drops in 1.0 s, 1.2k/s".
  package func appendHeading(_ report: Report, to text: inout TextBuffer) {
    text.append(report.time.localClock)
    text.append("  ")
    text.styled(isColored && report.drops > 0 ? .bold : nil) { text in
      text.append(grouped: report.drops)
      text.append(report.drops == 1 ? " drop" : " drops")
    }
    text.append(" in ")
    text.append(decimal: report.interval.seconds, digits: 1)
    text.append(" s, ")
    text.append(rate(report.drops, report.interval))
    text.append("/s\n")
  }

  /// The table, and a line for what was cut off.
  package func append(
    _ rows: Rows, _ scope: DropTable.Scope, width: Int?, to text: inout TextBuffer
  ) {
    guard !rows.rows.isEmpty else { return }
    DropTable(scope, by: dimensions).table(of: rows.rows)
      .write(to: &text, width: width, isColored: isColored)
    guard rows.hidden > 0 else { return }
    text.styled(isColored ? .dim : nil) { text in
      text.append("… \(rows.hidden) more rows with \(Bytes.grouped(rows.hiddenDrops)) drops")
    }
    text.append("\n")
  }

  /// The account; what was lost is red.
  package func append(_ loss: Loss, to text: inout TextBuffer) {
    text.styled(isColored ? (loss.isLossy ? .red : .dim) : nil) { $0.append(account: loss) }
    text.append("\n")
  }

  /// The last word: everything of the run, and the exact account.
  package func append(_ summary: Summary, width: Int?, to text: inout TextBuffer) {
    text.styled(isColored ? .bold : nil) { text in
      text.append(grouped: summary.drops)
      text.append(summary.drops == 1 ? " drop at " : " drops at ")
      text.append(decimal: summary.sites)
      text.append(summary.sites == 1 ? " site in " : " sites in ")
      text.append(decimal: summary.duration.seconds, digits: 1)
      text.append(" s")
    }
    text.append("\n")
    append(summary.totals, .total(summary.duration), width: width, to: &text)
    append(summary.loss, to: &text)
  }
}
