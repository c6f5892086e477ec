internal import Diagnosis
internal import DropModel
internal import GRDB

extension RecordedRun {
  /// Reads what there is but once: without it a file tells nothing.
  init(_ database: Database) throws {
    guard let row = try Row.fetchOne(database, sql: "SELECT * FROM run").map(RecordedRow.init)
    else { throw RecordingError("the recording was ended before anything was written") }
    let source = SourceDescription(
      name: try row.text(1), mechanism: try row.text(2),
      blindSpots: try Self.all("blind_spots", database) { try $0.text(0) },
      refusals: try Self.all("refusals", database) {
        SourceRefusal(source: try $0.text(0), reason: try $0.text(1))
      })
    session = Session(
      version: try row.text(0), source: source, kernel: try row.text(3), host: try row.text(4),
      started: WallTime(nanoseconds: try row.integer(8)), filter: try row.optionalText(6))
    context = RecordingContext(
      typesDigest: try row.optionalText(5), command: try row.optionalText(7),
      sysctls: try Self.all("sysctls", database) {
        RecordingContext.Sysctl(name: try $0.text(0), value: try $0.text(1))
      })
    part = try row.integer(9)
    began = WallTime(nanoseconds: try row.integer(10))
    clock = ClockOffset(nanoseconds: try row.integer(11))
    ended = try row.optionalInteger(12).map(WallTime.init(nanoseconds:))
    isLast = try row.optionalInteger(13) == 1
  }

  private static func all<Value>(
    _ table: String, _ database: Database, _ value: (RecordedRow) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(table)")
    while let row = try rows.next() { values.append(try value(RecordedRow(row))) }
    return values
  }
}

extension RecordedInterval {
  /// Reads a row of the table `intervals`.
  init(_ row: RecordedRow) throws {
    number = try row.integer(0)
    ended = WallTime(nanoseconds: try row.integer(1))
    duration = .nanoseconds(max(0, try row.integer(2)))
    clock = ClockOffset(nanoseconds: try row.integer(3))
    gained = Loss(
      seen: try row.number(4), tallied: try row.number(5), overflowed: try row.number(6),
      filtered: try row.number(7), excluded: try row.number(8), offered: try row.number(9),
      delivered: try row.number(10), limited: try row.number(11), lost: try row.number(12),
      missed: try row.number(13))
    gained.isInterrupted = try row.integer(14) != 0
  }
}
