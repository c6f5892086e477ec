/// What the watching of retransmissions has to tell since it was last read.
package struct RetransmissionBatch: Sendable {
  package var retransmissions: [Retransmission] = []
  /// The names of devices that appeared for the first time.
  package var devices: [DeviceName] = []
  /// The account since the start.
  package var loss = RetransmissionLoss()
  /// What makes dates of its times.
  package var clock = ClockOffset.now

  package init() {}

  /// Forgets everything but the account, and looks at the clocks again.
  package mutating func removeAll() {
    retransmissions.removeAll(keepingCapacity: true)
    devices.removeAll(keepingCapacity: true)
    clock = .now
  }
}

/// The account of retransmissions and of the drops they are compared with, since the start.
///
/// `seen = told + filtered + unsent + lost` once the watching has ended.
package struct RetransmissionLoss: Equatable, Sendable {
  /// Retransmissions that the kernel told of, in calls; one may be several segments.
  package var seen: UInt64
  /// Those that were handed over.
  package var told: UInt64
  /// Those of sockets in namespaces that were not asked for.
  package var filtered: UInt64
  /// Attempts that TCP gave up before sending, which it does not count either.
  package var unsent: UInt64
  /// Those for which there was no room, and their segments.
  package var lost: UInt64
  package var lostSegments: UInt64
  /// TCP segments that were dropped, of them elsewhere than asked for.
  package var drops: UInt64
  package var dropsElsewhere: UInt64
  /// Drops that could not be remembered: no header to read, or the table was busy.
  package var unreadable: UInt64
  package var unstored: UInt64
  /// Dropped ranges that gave way to later ones of their flow before they were sent again: so many
  /// at most are taken for `flow` instead of `exact`.
  package var overwritten: UInt64
  /// Flows whose drops were forgotten, as there were too many flows; known at the end.
  package var forgottenFlows: UInt64
  /// Calls of the programs that the kernel left out, because one was running on that CPU.
  package var missed: UInt64

  package init(
    seen: UInt64 = 0, told: UInt64 = 0, filtered: UInt64 = 0, unsent: UInt64 = 0, lost: UInt64 = 0,
    lostSegments: UInt64 = 0, drops: UInt64 = 0, dropsElsewhere: UInt64 = 0,
    unreadable: UInt64 = 0, unstored: UInt64 = 0, overwritten: UInt64 = 0,
    forgottenFlows: UInt64 = 0, missed: UInt64 = 0
  ) {
    self.seen = seen
    self.told = told
    self.filtered = filtered
    self.unsent = unsent
    self.lost = lost
    self.lostSegments = lostSegments
    self.drops = drops
    self.dropsElsewhere = dropsElsewhere
    self.unreadable = unreadable
    self.unstored = unstored
    self.overwritten = overwritten
    self.forgottenFlows = forgottenFlows
    self.missed = missed
  }

  /// Drops that a retransmission may follow from without our knowing.
  package var unknownDrops: UInt64 { unreadable + unstored + missed }

  /// Whether retransmissions are missing, or some may be taken for lost elsewhere in error.
  package var isLossy: Bool { lost > 0 || forgottenFlows > 0 || unknownDrops > 0 }

  /// Whether the account adds up.
  package var isConserved: Bool { seen == told &+ filtered &+ unsent &+ lost }
}
