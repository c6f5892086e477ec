internal import Bytes
internal import Diagnosis
internal import DropModel
internal import GRDB
internal import Glibc

/// A recording that is read.
///
/// The file is not changed. What of it is damaged is left out and told in ``notes``; what is no
/// recording is refused.
package final class RecordingFile {
  package let path: String
  package let run: RecordedRun
  /// In the order of time.
  package private(set) var intervals: [RecordedInterval] = []
  /// What is missing and why, a sentence each; grows while it is read.
  package private(set) var notes: [String] = []

  /// Whether something that was in it cannot be read.
  package var isDamaged: Bool { isCut || !damaged.isEmpty }

  private let queue: DatabaseQueue
  private let isCut: Bool
  /// Which tables turned out to be damaged.
  private var damaged: Set<String> = []

  /// Opens a recording and reads what it says of its run.
  package init(path: String) throws(RecordingError) {
    self.path = path
    do {
      let header = try RecordingHeader(path: path)
      queue = try Self.open(path, header)
      isCut = header.isCut
      if isCut {
        notes.append("\(path) is shorter than it was: what was at its end is missing")
      }
      run = try queue.read { database in
        try Self.checkTables(of: path, database)
        return try RecordedRun(database)
      }
    } catch let error as RecordedRow.Unexpected {
      throw RecordingError(
        "cannot read \(path): what it says of its run is damaged (column \(error.column))")
    } catch {
      throw RecordingError("read", path, error)
    }
    readIntervals()
    noteEnd()
  }

  /// Reads the rows of a table, or of a query of it, until one cannot be read.
  ///
  /// What a damaged table costs is told once.
  func rows(
    of table: String, _ query: String? = nil, _ arguments: [Int64] = [],
    _ body: (RecordedRow) throws -> Void
  ) {
    do {
      try queue.read { database in
        let statement = try database.cachedStatement(sql: query ?? "SELECT * FROM \(table)")
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
        while let row = try rows.next() { try body(RecordedRow(row)) }
      }
    } catch {
      let why = error is RecordedRow.Unexpected ? "it is damaged" : reason(of: error)
      note(damageOf: table, why)
    }
  }

  /// Tells that a table cannot be read to its end, once.
  func note(damageOf table: String, _ why: String) {
    guard damaged.insert(table).inserted else { return }
    notes.append("not all \(table) of \(path) can be read: \(why)")
  }

  private func readIntervals() {
    rows(of: "intervals", "SELECT * FROM intervals ORDER BY id") { row in
      intervals.append(try RecordedInterval(row))
    }
    // Packets are made safe more often than counts are.
    let last = intervals.last
    rows(
      of: "packets",
      "SELECT max(interval), sum(count), max(last) FROM packets WHERE interval > ?",
      [last?.number ?? 0]
    ) { row in
      guard let number = try row.optionalInteger(0) else { return }
      let clock = last?.clock ?? run.clock
      let end = MonotonicTime(nanoseconds: try row.number(2)).wallTime(clock)
      let begin = last?.ended ?? run.began
      intervals.append(
        RecordedInterval(
          number: number, ended: end,
          duration: .nanoseconds(max(0, end.nanoseconds &- begin.nanoseconds)), clock: clock,
          gained: Loss()))
      notes.append(
        "\(try row.integer(1)) packets at the end of \(path) are not in its counts, which were lost"
      )
    }
  }

  private func noteEnd() {
    if run.ended == nil {
      let end = intervals.last.map { "what came after \($0.ended.rfc3339)" } ?? "all of it"
      notes.append(
        "\(path) was not ended properly, or is being recorded still: \(end) is missing")
    } else if !run.isLast {
      notes.append("\(path) is part \(run.part) of a run that goes on in a newer file")
    }
    if run.part > 1 {
      notes.append(
        "\(path) is part \(run.part) of a run that began at \(run.session.started.rfc3339)")
    }
  }

  private static func open(
    _ path: String, _ header: RecordingHeader
  ) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.prepareDatabase { database in
      // Whoever made the file gets nothing run here.
      try database.execute(sql: "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON")
    }
    // What has a log is read with it, for which SQLite needs a file beside it. What was made with a log
    // and has none is complete, and must not need one: https://www.sqlite.org/uri.html.
    let name = header.hasLog || !header.wantsLog ? path : "file:\(escaped(path))?immutable=1"
    do {
      return try DatabaseQueue(path: name, configuration: configuration)
    } catch let error as DatabaseError
      where header.hasLog && error.resultCode == .SQLITE_CANTOPEN
    {
      throw RecordingError(
        "cannot read \(path): it was not ended properly, and its end is in \(path)-wal, which cannot be "
          + "read where nothing may be written. Copy both to a directory of your own")
    }
  }

  /// A path in a URI: what has a meaning there is written as its number.
  private static func escaped(_ path: String) -> String {
    path.map { ["%": "%25", "?": "%3f", "#": "%23"][$0] ?? String($0) }.joined()
  }

  private static func checkTables(of path: String, _ database: Database) throws {
    var found: [String: String] = [:]
    let rows = try Row.fetchCursor(
      database, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
    while let row = try rows.next() {
      let row = RecordedRow(row)
      found[try row.text(0)] = try row.optionalText(1)
    }
    for table in RecordingFormat.tables where found[table.name] != table.statement {
      throw RecordingError(
        "\(path) is not a dropwatch recording: its table \"\(table.name)\" is "
          + (found[table.name] == nil ? "missing" : "another one"))
    }
  }
}
