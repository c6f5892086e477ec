package import DropModel

/// Whether the drops of a window kept within limits: what `dropwatch check` answers.
package struct LimitCheck: Sendable {
  package var session: Session
  package var duration: Duration
  /// In the order of the limits.
  package var results: [Result]
  package var loss: Loss
  /// The command that it lasted as long as; nil if there was none.
  package var command: Command?
  /// What could not be seen, a sentence each.
  package var blindSpots: [String]

  /// What became of one limit.
  package struct Result: Sendable {
    package var limit: DropLimit
    package var drops: UInt64
    /// Drops that nobody can tell this limit's or not, since only their number is known; the largest
    /// number where not even that is.
    package var untold: UInt64
    /// Each kind of them, most first.
    package var kinds: [(drop: Drop, drops: UInt64)]

    package enum Outcome: String, Sendable { case kept, exceeded, unknown }

    /// Whether there were more than allowed; unknown where that hangs on what was not told apart.
    package var outcome: Outcome {
      if drops > limit.most { return .exceeded }
      let (sum, isTooMuch) = drops.addingReportingOverflow(untold)
      return untold == .max || isTooMuch || sum > limit.most ? .unknown : .kept
    }
  }

  /// A command and how it ended.
  package struct Command: Sendable {
    package var words: [String]
    /// A sentence: "make ended with status 2".
    package var ending: String
    package var hasFailed: Bool

    package init(words: [String], ending: String, hasFailed: Bool) {
      self.words = words
      self.ending = ending
      self.hasFailed = hasFailed
    }
  }

  /// Adds up what `kinds` has for each limit.
  package init(
    _ limits: [DropLimit], of kinds: [(drop: Drop, drops: UInt64)], session: Session,
    duration: Duration, loss: Loss
  ) {
    self.session = session
    self.duration = duration
    self.loss = loss
    blindSpots = session.source.blindSpots
    let uncounted = loss.isInterrupted ? .max : loss.overflowed &+ loss.missed
    results = limits.map { limit in
      let own = kinds.filter { limit.counts($0.drop) }.sorted { $1.drops < $0.drops }
      // A source without reasons: such drops may have any.
      let reasonless = kinds.lazy.filter {
        limit.name != nil && $0.drop.reason == nil && !limit.counts($0.drop)
      }
      let untold = reasonless.reduce(uncounted) { sum, kind in
        let (sum, isTooMuch) = sum.addingReportingOverflow(kind.drops)
        return isTooMuch ? .max : sum
      }
      return Result(
        limit: limit, drops: own.reduce(0) { $0 &+ $1.drops }, untold: untold, kinds: own)
    }
  }

  /// Whether all limits were kept for sure and the command went well.
  package var isPassed: Bool {
    results.allSatisfy { $0.outcome == .kept } && command?.hasFailed != true
  }
}
