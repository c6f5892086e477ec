/// A rule, or a chain's policy, that may have dropped packets.
package struct RuleSuspect: Equatable, Sendable {
  package var name: RuleName
  /// Whether all that it asks of a packet is known and holds, and nothing before it may have decided.
  package var isCertain: Bool
  /// How many packets its counter has counted meanwhile; nil without one, and if that counts more than
  /// it drops.
  package var moved: UInt64?
  /// How many of the packets that were seen it fits.
  package var packets: Int
}

/// Which rules may have dropped some packets, likeliest first.
package struct RuleSuspicion: Equatable, Sendable {
  package internal(set) var suspects: [RuleSuspect]
  /// How many packets were dropped in all.
  var drops: UInt64

  /// How much the first one stands out.
  package enum Clarity: Equatable, Sendable {
    /// It is the only one, by its conditions or by its counter.
    case proven
    /// More speaks for it than for the others.
    case likely
    case none
  }

  package var clarity: Clarity {
    guard let first = suspects.first else { return .none }
    let others = suspects.dropFirst()
    // Those without a counter may have had the rest, but that is not most of them.
    let hasMost = (first.moved ?? 0) > drops / 2
    if hasMost, others.allSatisfy({ $0.moved == nil && !$0.isCertain }) { return .proven }
    if others.isEmpty { return first.isCertain ? .proven : .likely }
    return others.allSatisfy({ first.outranks($0) }) ? .likely : .none
  }
}

extension RuleSuspect {
  /// Whether more speaks for it than for another one.
  fileprivate func outranks(_ other: RuleSuspect) -> Bool { rank > other.rank }

  private var rank: (Int, Int) { (moved ?? 0 > 0 ? 1 : 0, isCertain ? 1 : 0) }

  fileprivate static func isBefore(_ left: RuleSuspect, _ right: RuleSuspect) -> Bool {
    if left.rank != right.rank { return left.rank > right.rank }
    return (left.packets, left.moved ?? 0) > (right.packets, right.moved ?? 0)
  }
}

extension Ruleset {
  /// The rules and policies that may have dropped packets.
  ///
  /// `drops` were dropped of which `packets` were seen; `moved` tells how far rules' counters moved meanwhile; a rule that has one and did not move had no
  /// part in it.
  package func suspicion(
    of packets: [FirewallPacket], drops: UInt64, moved: [RuleName: UInt64]
  ) -> RuleSuspicion {
    var found: [RuleName: RuleSuspect] = [:]
    var order: [RuleName] = []
    for packet in packets {
      var walk = RuleWalk(self, packet, moved)
      walk.run()
      for suspect in walk.suspects {
        guard let known = found[suspect.name] else {
          order.append(suspect.name)
          found[suspect.name] = suspect
          continue
        }
        found[suspect.name]?.isCertain = known.isCertain || suspect.isCertain
        found[suspect.name]?.packets += suspect.packets
      }
    }
    let suspects = order.enumerated().compactMap { place, name in found[name].map { (place, $0) } }
    return RuleSuspicion(
      suspects: suspects.sorted { left, right in
        if RuleSuspect.isBefore(left.1, right.1) { return true }
        return !RuleSuspect.isBefore(right.1, left.1) && left.0 < right.0
      }.map(\.1), drops: drops)
  }
}
