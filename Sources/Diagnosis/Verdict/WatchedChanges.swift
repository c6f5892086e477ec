package import DropModel

/// What changed on the machine while drops were watched, and what of it goes with a finding.
///
/// That something changed just before drops began makes it no cause; it is where to look first.
package struct WatchedChanges: Sendable {
  /// In the order of time.
  package var list: [StateChange]
  /// How many more there were than could be kept.
  package var uncounted: UInt64
  /// Since when drops are counted.
  package var begin: MonotonicTime

  package init(list: [StateChange], uncounted: UInt64 = 0, begin: MonotonicTime) {
    self.list = list.sorted { $0.time < $1.time }
    self.uncounted = uncounted
    self.begin = begin
  }

  /// How long before the first drop a change may be.
  private static let reach = Duration.seconds(2)
  /// How far apart the looks may be that a change lies between, to be told as being before anything.
  private static let vagueness = Duration.seconds(3)
  /// How exact the time of a drop is: a timer tick of the slowest kernels.
  private static let tick = Duration.milliseconds(10)
  /// Drops that come sooner than this after the beginning ran before it, for all that is known.
  private static let silence = Duration.milliseconds(200)
  /// How many are told of one finding, those next to its first drop.
  package static let most = 20

  /// What changed where a finding's drops were, in the two seconds before the first; nothing if they may
  /// have run before watching began.
  ///
  /// A finding without a namespace may have been in any.
  package func before(_ finding: Finding) -> [StateChange] {
    guard sawBeginning(of: finding) else { return [] }
    let from = finding.first.nanoseconds - min(finding.first.nanoseconds, Self.reach.nanoseconds)
    let to = finding.first.advanced(by: Self.tick)
    return list.filter { change in
      let isThere =
        change.namespace == nil || finding.namespace == nil
        || change.namespace?.inode == finding.namespace?.inode
      return isThere && change.time.nanoseconds >= from && change.since <= to
        && change.since.duration(to: change.time) <= Self.vagueness
    }
    .suffix(Self.most)
  }

  /// Whether the first drop was the first of all: it came after a silence of three times what lies
  /// between two of them, on average.
  ///
  /// Of drops at random times, one run of twenty has such a gap.
  func sawBeginning(of finding: Finding) -> Bool {
    guard finding.first > begin else { return false }
    let silence = begin.duration(to: finding.first)
    let gaps = finding.counts.drops > 1 ? Double(finding.counts.drops - 1) : 1
    let gap = finding.first.duration(to: finding.last).seconds / gaps
    return silence >= Self.silence && silence.seconds >= 3 * gap
  }
}

extension StateChange {
  /// How long before `drop` it was: "0.4 s before", "up to 0.2 s before or 0.1 s after".
  package func distance(to drop: MonotonicTime) -> String {
    func text(_ duration: Duration) -> String {
      let tenths = Int((duration.seconds * 10).rounded(.up))
      return "\(tenths / 10).\(tenths % 10) s"
    }
    return time <= drop
      ? "\(text(time.duration(to: drop))) before"
      : "up to \(text(since.duration(to: drop))) before or \(text(drop.duration(to: time))) after"
  }
}

extension Duration {
  fileprivate var nanoseconds: UInt64 {
    UInt64(components.seconds) * 1_000_000_000 + UInt64(components.attoseconds / 1_000_000_000)
  }
}
