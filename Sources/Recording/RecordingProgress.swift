package import DropModel

/// How far a recording is: what is safe, and what it takes.
package struct RecordingProgress: Equatable, Sendable {
  /// What is in the files and stays there, whatever happens to the program.
  package var safe = RecordedAmount()
  /// What was taken since, and would be lost.
  package var pending = RecordedAmount()
  /// When `safe` was made safe the last time.
  package var safeUntil: WallTime?
  /// Bytes of the file that is being written.
  package var fileBytes: UInt64 = 0
  /// Bytes of all files of this run, those included that are gone.
  package var bytes: UInt64 = 0
  /// How many files there were.
  package var files = 0
}

/// An amount of what recordings hold.
package struct RecordedAmount: Equatable, Sendable {
  package var intervals: UInt64 = 0
  package var drops: UInt64 = 0
  package var packets: UInt64 = 0

  static func += (sum: inout RecordedAmount, other: RecordedAmount) {
    sum.intervals += other.intervals
    sum.drops += other.drops
    sum.packets += other.packets
  }
}
