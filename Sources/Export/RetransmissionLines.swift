package import Bytes
package import Diagnosis
package import DropModel
internal import Packets

/// The format of `retransmissions --json`: an object for each retransmission if they are asked for,
/// one for each interval, and a last one for the run.
package struct RetransmissionLines: ~Copyable {
  private let descriptor: Int32
  private var json = JSONWriter()

  package init(descriptor: Int32) { self.descriptor = descriptor }

  /// Writes one retransmission; `cause` and `route` are its keys with their names.
  package mutating func write(
    _ retransmission: Retransmission, cause: Drop?, route: Drop, clock: ClockOffset
  ) throws(WriteError) {
    let flow = retransmission.flow
    json.line { json in
      json.field("type", "retransmission")
      json.field("time", retransmission.time.wallTime(clock).rfc3339)
      json.end("source", flow.source, flow.sourcePort)
      json.end("destination", flow.destination, flow.destinationPort)
      json.field("sequence", retransmission.start)
      json.field("length", retransmission.end &- retransmission.start)
      json.field("segments", retransmission.segments)
      json.field("handshake_answer", retransmission.isHandshakeAnswer)
      json.field("round_trip_us", retransmission.roundTrip.map { Int64($0.seconds * 1e6) })
      json.field("error", retransmission.error)
      json.field("match", retransmission.match.rawValue)
      json.describe(route)
      if let cause, let age = retransmission.cause?.age {
        json.object("cause") { json in
          json.field("age_ms", age.seconds * 1000, digits: 3)
          json.describe(cause)
        }
      }
    }
    try json.buffer.write(to: descriptor)
  }

  /// Writes what an interval, or the whole run (`isLast`), comes to.
  package mutating func write(
    _ verdict: RetransmissionVerdict, time: WallTime, duration: Duration, isLast: Bool
  ) throws(WriteError) {
    json.line { json in
      json.field("type", "retransmissions")
      json.field("time", time.rfc3339)
      json.field("duration_s", duration.seconds, digits: 3)
      json.field("last", isLast)
      json.describe(verdict.counts)
      json.field("calls", verdict.calls)
      json.field("failed", verdict.failed)
      json.objects("causes", verdict.sortedCauses) { json, cause in
        json.field("match", cause.match.rawValue)
        json.field("segments", cause.segments)
        json.describe(cause.drop)
      }
      json.objects("beyond", verdict.directions.filter { !$0.isWithin }) { json, direction in
        json.field("toward", direction.prefix.label)
        json.field("segments", direction.segments)
        json.describe(direction.route)
      }
      json.objects("peers", verdict.rankedPeers) { json, peer in
        json.text("address") { $0.append(peer.peer.address) }
        json.describe(peer.peer.route)
        json.describe(peer.counts)
      }
      json.object("account") { $0.describe(verdict.loss) }
      json.field("verdict", verdict.sentence)
      json.strings("caveats", verdict.caveats)
      if isLast { json.describe(verdict.clues) }
    }
    try json.buffer.write(to: descriptor)
  }
}

extension RetransmissionVerdict {
  /// Kinds of drops, the strongest match first, then most segments.
  fileprivate var sortedCauses: [(match: Retransmission.Match, drop: Drop, segments: UInt64)] {
    Retransmission.Match.allCases.reversed().flatMap { match in
      causes(of: match).map { (match, $0.drop, $0.segments) }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func end(_ name: StaticString, _ address: IPAddress, _ port: UInt16) {
    object(name) { json in
      json.text("address") { $0.append(address) }
      json.field("port", port)
    }
  }

  mutating func describe(_ clues: [RetransmissionClue]) {
    objects("clues", clues) { json, clue in
      json.field("counter", clue.counter)
      json.field("count", clue.count)
      json.field("text", clue.text)
    }
  }

  mutating func describe(_ counts: RetransmissionCounts) {
    field("segments", counts.total)
    field("exact", counts[.exact])
    field("acknowledgement", counts[.acknowledgement])
    field("receiver", counts[.receiver])
    field("flow", counts[.flow])
    field("none", counts[.none])
  }

  fileprivate mutating func describe(_ loss: RetransmissionLoss) {
    field("seen", loss.seen)
    field("told", loss.told)
    field("filtered", loss.filtered)
    field("unsent", loss.unsent)
    field("lost", loss.lost)
    field("lost_segments", loss.lostSegments)
    field("drops", loss.drops)
    field("drops_elsewhere", loss.dropsElsewhere)
    field("unreadable", loss.unreadable)
    field("unstored", loss.unstored)
    field("overwritten", loss.overwritten)
    field("missed", loss.missed)
    field("forgotten_flows", loss.forgottenFlows)
  }
}
