/// The account of what a source saw and what became of it, since its start.
///
/// Two equations hold at every reading: `seen = tallied + overflowed + filtered + excluded` and
/// `offered = delivered + limited + lost`. `missed` stands outside: those drops never reached us.
package struct Loss: Equatable, Sendable {
  /// Drops that reached the source.
  package var seen: UInt64
  /// Drops that are in the tallies.
  package var tallied: UInt64
  /// Drops of new keys when the table of keys was full.
  package var overflowed: UInt64
  /// Drops that a filter did not ask for.
  package var filtered: UInt64
  /// Drops of the watcher's own packets.
  package var excluded: UInt64
  /// Packets that could have been handed over whole.
  package var offered: UInt64
  /// Packets that were.
  package var delivered: UInt64
  /// Packets over the limit per key and second.
  package var limited: UInt64
  /// Packets for which there was no room.
  package var lost: UInt64
  /// Drops that the kernel could not report, because one was being reported on that CPU.
  package var missed: UInt64
  /// Whether somebody else has ended the watching meanwhile, so that nobody knows how many drops
  /// are not here.
  package var isInterrupted = false

  package init(
    seen: UInt64 = 0, tallied: UInt64 = 0, overflowed: UInt64 = 0, filtered: UInt64 = 0,
    excluded: UInt64 = 0, offered: UInt64 = 0, delivered: UInt64 = 0, limited: UInt64 = 0,
    lost: UInt64 = 0, missed: UInt64 = 0
  ) {
    self.seen = seen
    self.tallied = tallied
    self.overflowed = overflowed
    self.filtered = filtered
    self.excluded = excluded
    self.offered = offered
    self.delivered = delivered
    self.limited = limited
    self.lost = lost
    self.missed = missed
  }

  /// Whether something that was asked for is not in the output.
  ///
  /// Limits and filters were asked for.
  package var isLossy: Bool {
    overflowed > 0 || lost > 0 || missed > 0 || isInterrupted || !isConserved
  }

  /// Whether both equations hold.
  package var isConserved: Bool {
    seen == tallied &+ overflowed &+ filtered &+ excluded
      && offered == delivered &+ limited &+ lost
  }
}
