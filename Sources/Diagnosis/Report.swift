package import DropModel

/// What is said when a source is attached.
package struct Session: Sendable {
  package var version: String
  package var source: SourceDescription
  /// `uname -r` and `uname -n`.
  package var kernel: String
  package var host: String
  package var started: WallTime
  /// What is left out, as the user wrote it; nil if nothing is.
  package var filter: String?

  package init(
    version: String, source: SourceDescription, kernel: String, host: String, started: WallTime,
    filter: String? = nil
  ) {
    self.version = version
    self.source = source
    self.kernel = kernel
    self.host = host
    self.started = started
    self.filter = filter
  }
}

/// One interval, ready to be shown.
package struct Report: Sendable {
  /// When the interval ended.
  package var time: WallTime
  /// How long it really was.
  package var interval: Duration
  package var rows: Rows
  /// All drops of the interval, also those of rows that were cut off.
  package var drops: UInt64
  package var loss: Loss
  /// Whether the run ends with it: the source is detached and the account exact.
  package var isLast: Bool

  package init(
    time: WallTime, interval: Duration, rows: Rows, drops: UInt64, loss: Loss, isLast: Bool
  ) {
    self.time = time
    self.interval = interval
    self.rows = rows
    self.drops = drops
    self.loss = loss
    self.isLast = isLast
  }
}

/// The last word of a run.
package struct Summary: Sendable {
  package var time: WallTime
  package var duration: Duration
  package var drops: UInt64
  /// How many different sites.
  package var sites: Int
  package var loss: Loss
  /// Everything of the run, most drops first.
  package var totals: Rows
  /// The watcher's own processor time over the run's time, in percent of one processor.
  package var processorPercent: Double?

  package init(
    time: WallTime, duration: Duration, drops: UInt64, sites: Int, loss: Loss,
    totals: Rows, processorPercent: Double?
  ) {
    self.time = time
    self.duration = duration
    self.drops = drops
    self.sites = sites
    self.loss = loss
    self.totals = totals
    self.processorPercent = processorPercent
  }
}
