package import DropModel

extension RetransmissionVerdict {
  /// The answer in one sentence, without a full stop.
  ///
  /// "37 retransmissions: 31 after drops on this machine (NETFILTER_DROP), 6 with no local drop: lost
  /// beyond this machine's view, toward 10.0.0.0/8 by eth1".
  package var sentence: String {
    guard counts.total > 0 else {
      return loss.lost == 0
        ? "no retransmissions" : "no retransmissions that were told, but \(untold)"
    }
    let noun = counts.total == 1 ? "retransmission" : "retransmissions"
    var parts: [String] = []
    if counts[.exact] > 0 {
      parts.append("\(counts[.exact]) after drops on this machine\(reasons(.exact))")
    }
    if counts[.acknowledgement] > 0 {
      parts.append(
        "\(counts[.acknowledgement]) after drops of the acknowledgement on this machine\(reasons(.acknowledgement))"
      )
    }
    if counts[.receiver] > 0 {
      parts.append(
        "\(counts[.receiver]) that the receiver on this machine refused\(reasons(.receiver))")
    }
    if counts[.flow] > 0 {
      parts.append(
        "\(counts[.flow]) of connections that lost only other segments on this machine\(reasons(.flow))"
      )
    }
    let beyond = directions.filter { !$0.isWithin }
    let within = directions.filter(\.isWithin)
    if !within.isEmpty {
      parts.append("\(sum(within)) over lo with no drop that the kernel told of")
    }
    if !beyond.isEmpty {
      parts.append(
        "\(sum(beyond)) with no local drop: lost beyond this machine's view, \(toward(beyond))")
    }
    return "\(counts.total) \(noun): " + parts.joined(separator: ", ")
      + (loss.lost > 0 ? "; \(untold)" : "")
  }

  /// What the numbers leave out, a sentence each; empty if nothing.
  package var caveats: [String] {
    var caveats: [String] = []
    if loss.unknownDrops > 0 {
      caveats.append(
        "\(loss.unknownDrops) drops of TCP segments could not be compared (\(loss.unreadable) unreadable, \(loss.unstored) not stored, \(loss.missed) missed): so many at most are taken for losses elsewhere"
      )
    }
    if loss.forgottenFlows > 0 {
      caveats.append(
        "the drops of \(loss.forgottenFlows) connections were forgotten, what these sent again may be taken for losses elsewhere: use --flows with a larger number"
      )
    }
    if loss.overwritten > 0 {
      caveats.append(
        "\(loss.overwritten) dropped ranges gave way to later ones of their connection: so many at most are taken for \"only other segments\""
      )
    }
    if failed > 0 {
      caveats.append(
        "\(failed) of the retransmissions did not leave: sending them ended in an error on this machine"
      )
    }
    return caveats
  }

  private var untold: String {
    "\(loss.lostSegments) more were not told, as the ring was full: use a shorter --interval"
  }

  private func sum(_ directions: [Direction]) -> UInt64 {
    directions.reduce(0) { $0 + $1.segments }
  }

  /// " (NETFILTER_DROP)", " (NETFILTER_DROP 30, TCP_CSUM 1)"; empty if nothing is known.
  private func reasons(_ match: Retransmission.Match) -> String {
    var segments: [String: UInt64] = [:]
    for (drop, count) in causes(of: match) { segments[drop.causeLabel, default: 0] += count }
    let sorted = segments.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    guard let first = sorted.first else { return "" }
    if sorted.count == 1 { return " (\(first.key))" }
    let shown = sorted.prefix(3).map { "\($0.key) \($0.value)" }
    let more = sorted.count > 3 ? ["\(sorted.count - 3) more"] : []
    return " (" + (shown + more).joined(separator: ", ") + ")"
  }

  /// "toward 10.0.0.0/8 by eth1 (4), 10.9.0.1 by eth2 (2)".
  private func toward(_ directions: [Direction]) -> String {
    let shown = directions.prefix(3).map { direction in
      let count = directions.count > 1 ? " (\(direction.segments))" : ""
      let device = direction.route.device.map { " by \($0.label)" } ?? ""
      return direction.prefix.label + device + count
    }
    let more = directions.count > 3 ? ", and \(directions.count - 3) more ways" : ""
    return "toward " + shown.joined(separator: ", ") + more
  }
}

extension RetransmissionVerdict.Direction {
  /// Whether both ends are on this machine, so that nothing can be lost beyond it.
  package var isWithin: Bool { route.device?.name == "lo" }
}

extension Drop {
  /// The reason, where there is none the function.
  package var causeLabel: String {
    if let reason { return reason.label }
    return site?.frameLabel ?? "no reason known"
  }
}
