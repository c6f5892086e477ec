package import Diagnosis
package import DropModel

/// What a recording says of the run it was made in.
package struct RecordedRun: Sendable {
  package var session: Session
  package var context: RecordingContext
  /// Which file of the run it is, from 1 on.
  package var part: Int
  /// When this file was begun.
  package var began: WallTime
  /// When it was ended properly; nil if it was not, or is being recorded still.
  package var ended: WallTime?
  /// Whether the run ended with it; else a newer file goes on.
  package var isLast: Bool
  /// The clocks when it was begun.
  var clock: ClockOffset
}

/// An interval of a recording.
package struct RecordedInterval: Equatable, Sendable {
  package var number: Int64
  package var ended: WallTime
  package var duration: Duration
  package var clock: ClockOffset
  /// What the account gained in it.
  package var gained: Loss

  /// The moment in the middle, which decides whether the interval belongs to a range.
  var middle: WallTime {
    WallTime(nanoseconds: ended.nanoseconds &- (duration / 2).wholeNanoseconds)
  }
}
