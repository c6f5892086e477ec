package import DropModel
internal import Glibc

/// One kind of drop in two recordings.
package struct Difference: Sendable {
  /// How its rate moved.
  package enum Change: String, Sendable {
    case new, gone, up, down, same
  }

  package var drop: Drop
  package var before: UInt64
  package var after: UInt64
  /// Drops per second.
  package var rateBefore: Double
  package var rateAfter: Double
  /// How likely counts so different are if the rate did not change at all.
  package var probability: Double

  package var change: Change {
    if before == 0 { return .new }
    if after == 0 { return .gone }
    if rateBefore == rateAfter { return .same }
    return rateAfter > rateBefore ? .up : .down
  }

  /// Below which probability a difference is more than noise: one in a hundred.
  package static let significance = 0.01

  /// Whether it is more than what counting the same thing twice may give.
  package var isSignificant: Bool { probability < Self.significance }

  /// Compares two recordings: what differs beyond noise first, then by how much the rate moved.
  package static func all(before: DropCounts, after: DropCounts) -> [Difference] {
    let lengths = (max(before.duration.seconds, 1e-9), max(after.duration.seconds, 1e-9))
    let kinds = Set(before.samples.keys).union(after.samples.keys)
    let differences = kinds.compactMap { kind -> Difference? in
      guard let drop = (after.samples[kind] ?? before.samples[kind])?.drop else { return nil }
      let counts = (before.samples[kind]?.drops ?? 0, after.samples[kind]?.drops ?? 0)
      // Drops come in bursts: what varies more than chance would is counted as that much less.
      let dispersion = max(before.dispersion(of: kind), after.dispersion(of: kind))
      return Difference(
        drop: drop, before: counts.0, after: counts.1,
        rateBefore: Double(counts.0) / lengths.0, rateAfter: Double(counts.1) / lengths.1,
        probability: probability(
          (Double(counts.0) / dispersion).rounded(), (Double(counts.1) / dispersion).rounded(),
          share: lengths.1 / (lengths.0 + lengths.1)))
    }
    return differences.sorted { left, right in
      if left.isSignificant != right.isSignificant { return left.isSignificant }
      let moves = (abs(left.rateAfter - left.rateBefore), abs(right.rateAfter - right.rateBefore))
      return moves.0 != moves.1 ? moves.0 > moves.1 : left.drop.sortName < right.drop.sortName
    }
  }

  /// How likely two counts are so far from their expected shares, or farther: the conditional test of
  /// two Poisson rates (Przyborowski and Wilenski, 1940).
  ///
  /// Given their sum, the second is binomial with the probability `share`, its time's part of both.
  /// Exact up to a sum of 10,000, from there on by the normal distribution. Both tails count.
  static func probability(_ before: Double, _ after: Double, share: Double) -> Double {
    let sum = before + after
    guard sum > 0, share > 0, share < 1 else { return 1 }
    let expected = sum * share
    if sum > 10_000 {
      let deviation = abs(after - expected) / (expected * (1 - share)).squareRoot()
      return erfc(deviation / 2.0.squareRoot())
    }
    // The tail that begins at `after` and leads away from what was expected, summed term by term.
    let step: Double = after >= expected ? 1 : -1
    let odds = share / (1 - share)
    var term = exp(
      lgamma(sum + 1) - lgamma(after + 1) - lgamma(before + 1) + after * log(share)
        + before * log(1 - share))
    var tail = 0.0
    var count = after
    while count >= 0, count <= sum, term > 0 {
      tail += term
      term *= step > 0 ? (sum - count) / (count + 1) * odds : count / (sum - count + 1) / odds
      count += step
    }
    return min(1, 2 * tail)
  }
}
