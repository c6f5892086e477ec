package import Bytes
package import Diagnosis
package import DropModel
internal import Packets

/// Retransmissions for people: a table of peers, a line for each, the verdict.
package struct RetransmissionText: Sendable {
  package var isColored: Bool

  package init(isColored: Bool) { self.isColored = isColored }

  /// "10:24:22  12 retransmissions in 1.0 s", and the table of an interval or of the run.
  package func append(
    _ verdict: RetransmissionVerdict, time: WallTime, duration: Duration, top: Int, width: Int?,
    to text: inout TextBuffer
  ) {
    let total = verdict.counts.total
    text.append("\(time.localClock)  ")
    text.styled(isColored && total > 0 ? .bold : nil) { text in
      text.append("\(grouped(total)) \(total == 1 ? "retransmission" : "retransmissions")")
    }
    text.append(" in ")
    text.append(decimal: duration.seconds, digits: 1)
    text.append(" s\n")
    let peers = verdict.rankedPeers
    guard !peers.isEmpty else { return }
    table(of: Array(peers.prefix(top))).write(to: &text, width: width, isColored: isColored)
    if peers.count > top { text.append("… \(peers.count - top) more peers\n") }
  }

  private func table(
    of peers: [(peer: RetransmissionVerdict.Peer, counts: RetransmissionCounts)]
  ) -> TextTable {
    var table = TextTable(
      columns: [
        .init("SEGMENTS", alignsRight: true), .init("DROPPED HERE", alignsRight: true),
        .init("ACK DROPPED", alignsRight: true), .init("REFUSED", alignsRight: true),
        .init("OTHER DROPS", alignsRight: true), .init("NO LOCAL DROP", alignsRight: true),
        .init("PEER", minimumWidth: 12), .init("BY", minimumWidth: 8),
      ])
    table.rows = peers.map { peer, counts in
      [
        .init(grouped(counts.total), .bold), cell(counts[.exact], .red),
        cell(counts[.acknowledgement], .red), cell(counts[.receiver], .yellow),
        cell(counts[.flow], .yellow), cell(counts[.none], .cyan),
        .init(AddressPrefix(peer.address).label), .init(peer.route.placeLabel ?? "?"),
      ]
    }
    return table
  }

  private func cell(_ count: UInt64, _ style: Style) -> TextTable.Cell {
    .init(grouped(count), count > 0 ? style : .dim)
  }

  /// One retransmission: "10:24:22  exact  10.0.0.1:4000 > 10.0.0.2:80 seq 17 len 1000 by eth0,
  /// NETFILTER_DROP at nft_do_chain+0x45 veth0, 204.1 ms before".
  package func append(
    _ retransmission: Retransmission, cause: Drop?, route: Drop, clock: ClockOffset,
    to text: inout TextBuffer
  ) {
    text.append(retransmission.time.wallTime(clock).localClock)
    text.append("  ")
    text.styled(isColored ? retransmission.match.style : nil) { text in
      text.append(retransmission.match.rawValue)
    }
    text.append("  ")
    text.append(retransmission.flow.source, port: retransmission.flow.sourcePort)
    text.append(" > ")
    text.append(retransmission.flow.destination, port: retransmission.flow.destinationPort)
    text.append(" seq \(retransmission.start) len \(retransmission.end &- retransmission.start)")
    if retransmission.segments > 1 { text.append(" in \(retransmission.segments) segments") }
    if retransmission.isHandshakeAnswer { text.append(" SYN-ACK") }
    if let place = route.placeLabel { text.append(" by \(place)") }
    if let error = retransmission.error { text.append(", \(errorText(error))") }
    if let cause, let age = retransmission.cause?.age {
      text.append(", \(cause.causeLabel)")
      if !cause.siteLabel.isEmpty { text.append(" at \(cause.siteLabel)") }
      if let place = cause.placeLabel { text.append(" \(place)") }
      text.append(", ")
      text.append(decimal: age.seconds * 1000, digits: 1)
      text.append(" ms before")
    }
    text.append("\n")
  }

  /// The last word: the verdict, what it leaves out, and the account.
  package func append(verdict: RetransmissionVerdict, to text: inout TextBuffer) {
    text.styled(isColored ? .bold : nil) { $0.append(verdict.sentence) }
    text.append("\n")
    for clue in verdict.clues { text.append("see also: \(clue.text)\n") }
    for caveat in verdict.caveats { text.append("note: \(caveat)\n") }
    let loss = verdict.loss
    text.styled(isColored ? (loss.isLossy ? .red : .dim) : nil) { text in
      text.append(
        "seen \(grouped(loss.seen)) = told \(grouped(loss.told)) + filtered \(grouped(loss.filtered)) + unsent \(grouped(loss.unsent)) + lost \(grouped(loss.lost)); TCP drops \(grouped(loss.drops)), elsewhere \(grouped(loss.dropsElsewhere)), not compared \(grouped(loss.unknownDrops))"
      )
    }
    text.append("\n")
  }
}

extension Retransmission.Match {
  fileprivate var style: Style {
    switch self {
    case .exact, .acknowledgement: .red
    case .receiver, .flow: .yellow
    case .none: .cyan
    }
  }
}
