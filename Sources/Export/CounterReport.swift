package import Bytes
package import Diagnosis
package import DropModel

/// What the machine's counters did in one interval.
package struct CounterReport: Sendable {
  package var time: WallTime
  /// The length of the interval.
  package var interval: Duration
  /// The time since the run began.
  package var elapsed: Duration
  /// A part for each namespace that is watched, and one for the machine as a whole.
  package var parts: [Part]
  /// Whether the run ends with it.
  package var isLast: Bool

  package init(
    time: WallTime, interval: Duration, elapsed: Duration, parts: [Part], isLast: Bool
  ) {
    self.time = time
    self.interval = interval
    self.elapsed = elapsed
    self.parts = parts
    self.isLast = isLast
  }

  /// One namespace's counters.
  package struct Part: Sendable {
    /// nil for what the machine has one of, whatever the namespace.
    package var namespace: NetworkNamespace?
    /// What moved in the interval or, if that is asked for, since the run began.
    package var rows: [Row]
    /// Names of what may have moved by any number.
    package var unknown: [String]
    /// What could not be read, and why.
    package var unread: [String]

    package init(
      namespace: NetworkNamespace?, rows: [Row], unknown: [String], unread: [String]
    ) {
      self.namespace = namespace
      self.rows = rows
      self.unknown = unknown
      self.unread = unread
    }
  }

  /// A counter.
  package struct Row: Sendable {
    /// "link.veth0.rx_dropped".
    package var name: String
    package var meaning: CounterMeaning
    /// By how much it moved in the interval.
    package var change: UInt64
    /// By how much since the run began.
    package var total: UInt64

    package init(name: String, meaning: CounterMeaning, change: UInt64, total: UInt64) {
      self.name = name
      self.meaning = meaning
      self.change = change
      self.total = total
    }
  }
}

/// What it means that a counter moves.
package struct CounterMeaning: Equatable, Sendable {
  /// Whether somebody's packet is missing.
  package enum Harm: Int, Comparable, Sendable {
    case none
    /// Nothing is known of it, but its name sounds like loss.
    case suspected
    case loss

    package static func < (left: Harm, right: Harm) -> Bool { left.rawValue < right.rawValue }
  }

  package var station: Station
  package var harm: Harm
  /// One sentence; nil if nothing is known.
  package var what: String?

  package init(station: Station, harm: Harm, what: String?) {
    self.station = station
    self.harm = harm
    self.what = what
  }
}

/// Shows reports of counters.
package protocol CounterSink: AnyObject {
  /// Begins; `opening` is for people.
  func begin(_ opening: String) throws(WriteError)

  /// Shows a report; `notes` are sentences for the user.
  func show(_ report: CounterReport, notes: [String]) throws(WriteError)
}
