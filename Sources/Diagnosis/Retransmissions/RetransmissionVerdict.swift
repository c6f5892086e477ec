package import DropModel

/// Where retransmissions come from: drops on this machine, or losses beyond it.
///
/// Adds up what a source tells; its numbers are segments, as the kernel counts them.
package struct RetransmissionVerdict: Sendable {
  /// Whom it was sent to, and the way there: device and namespace of the route.
  package struct Peer: Hashable, Sendable {
    package var address: IPAddress
    package var route: Drop

    package init(address: IPAddress, route: Drop) {
      self.address = address
      self.route = route
    }
  }

  /// A kind of drop that retransmissions follow from.
  package struct Cause: Hashable, Sendable {
    package var match: Retransmission.Match
    /// Reason, site, device and namespace of the drop.
    package var drop: Drop

    package init(match: Retransmission.Match, drop: Drop) {
      self.match = match
      self.drop = drop
    }
  }

  /// Where what no drop explains was sent to, by one device.
  package struct Direction: Sendable {
    package var prefix: AddressPrefix
    package var route: Drop
    package var segments: UInt64
  }

  private struct Way: Hashable {
    let route: Drop
    let isIPv6: Bool
  }

  package private(set) var counts = RetransmissionCounts()
  /// How often the kernel told of some; one call may be several segments.
  package private(set) var calls: UInt64 = 0
  /// Segments that did not leave: sending them again ended in an error at once.
  package private(set) var failed: UInt64 = 0
  package private(set) var peers: [Peer: RetransmissionCounts] = [:]
  /// What was dropped here before, by kind.
  package private(set) var causes: [Cause: UInt64] = [:]
  private var ways: [Way: Direction] = [:]
  /// The account of the watching as a whole.
  package var loss = RetransmissionLoss()
  /// What else was seen that bears on it.
  package var clues: [RetransmissionClue] = []

  package init() {}

  /// Adds one; `cause` and `route` are its keys with their names.
  package mutating func add(_ retransmission: Retransmission, cause: Drop?, route: Drop) {
    let segments = UInt64(retransmission.segments)
    let address = retransmission.flow.destination
    calls += 1
    counts[retransmission.match] += segments
    if retransmission.error != nil { failed += segments }
    peers[Peer(address: address, route: route), default: RetransmissionCounts()][
      retransmission.match] += segments
    if let cause, retransmission.match != .none {
      causes[Cause(match: retransmission.match, drop: cause), default: 0] += segments
    }
    guard retransmission.match == .none else { return }
    let way = Way(route: route, isIPv6: address.isIPv6)
    var direction =
      ways[way] ?? Direction(prefix: AddressPrefix(address), route: route, segments: 0)
    direction.prefix.include(address)
    direction.segments += segments
    ways[way] = direction
  }

  /// Where what no drop explains was sent to, most first.
  package var directions: [Direction] {
    ways.values.sorted { left, right in
      left.segments != right.segments
        ? left.segments > right.segments
        : (left.route.sortName, left.prefix.label) < (right.route.sortName, right.prefix.label)
    }
  }

  /// The drops of one kind of match, most segments first.
  package func causes(of match: Retransmission.Match) -> [(drop: Drop, segments: UInt64)] {
    causes.filter { $0.key.match == match }.map { ($0.key.drop, $0.value) }
      .sorted {
        $0.segments != $1.segments ? $0.segments > $1.segments : $0.drop.sortName < $1.drop.sortName
      }
  }

  /// Peers, those first to whom most was sent again.
  package var rankedPeers: [(peer: Peer, counts: RetransmissionCounts)] {
    peers.map { ($0.key, $0.value) }.sorted { left, right in
      left.counts.total != right.counts.total
        ? left.counts.total > right.counts.total
        : (AddressPrefix(left.peer.address).label, left.peer.route.sortName)
          < (AddressPrefix(right.peer.address).label, right.peer.route.sortName)
    }
  }
}
