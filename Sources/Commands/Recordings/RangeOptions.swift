internal import ArgumentParser
internal import DropModel
internal import Recording

/// Which part of a recording is meant: the options of every command that reads one.
struct RangeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Leave out what came before: +10s (after its beginning), -10s (before its end), 10:24:21, "
        + "2026-11-23T10:24:21Z.", valueName: "moment"))
  var from: TimeBound?

  @Option(
    name: [.long, .customLong("until")],
    help: ArgumentHelp("Leave out what came later; the same ways to say it.", valueName: "moment"))
  var to: TimeBound?

  /// The times that are meant; nil for all of the recording.
  func range(of file: RecordingFile) throws -> Range<WallTime>? {
    try TimeBound.range(from: from, to: to, of: file)
  }
}

extension TimeBound {
  /// The times between two moments of a recording; nil for all of it.
  ///
  /// An interval belongs to it if its middle does, so that ranges side by side count nothing twice.
  static func range(
    from: TimeBound?, to: TimeBound?, of file: RecordingFile
  ) throws -> Range<WallTime>? {
    guard from != nil || to != nil else { return nil }
    let begin = file.run.began
    let end = max(file.intervals.last?.ended ?? begin, begin)
    let lower = from?.time(in: begin...end) ?? WallTime(nanoseconds: .min)
    let upper = to?.time(in: begin...end) ?? WallTime(nanoseconds: .max)
    guard lower < upper else { throw ValidationError("--from must be earlier than the end.") }
    return lower..<upper
  }
}
