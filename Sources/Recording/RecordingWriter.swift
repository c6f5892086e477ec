internal import Bytes
internal import Diagnosis
internal import DropModel
internal import Export
internal import FoundationEssentials
internal import GRDB
internal import PacketChunks
internal import Packets

/// One file of a recording while it is written.
///
/// What is written stays in SQLite's open transaction until ``commit()``: a crash loses that, and
/// nothing before it. Names are asked for when their numbers first appear in this file.
final class RecordingWriter {
  let path: String
  private let queue: DatabaseQueue
  private var written = WrittenNames()
  private var chunk = PacketChunk()
  private var interval = 1
  private var isInTransaction = false

  /// Makes the file, which must not exist, with what is known at the beginning.
  ///
  /// `part` counts the files of one run from 1 on.
  init(
    path: String, session: Session, context: RecordingContext, part: Int
  ) throws {
    self.path = path
    var configuration = Configuration()
    // A transaction lasts from one call to another.
    configuration.allowsUnsafeTransactions = true
    configuration.label = "recording"
    configuration.prepareDatabase { database in
      // The page size must be told before anything is written.
      try database.execute(
        sql: """
          PRAGMA page_size=\(RecordingFormat.pageBytes);
          PRAGMA application_id=\(RecordingFormat.applicationID);
          PRAGMA user_version=\(RecordingFormat.version);
          PRAGMA wal_autocheckpoint=\(RecordingFormat.logPages);
          """)
    }
    configuration.journalMode = .wal
    queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { database in
      try database.inTransaction {
        for table in RecordingFormat.tables { try database.execute(sql: table.statement) }
        try database.execute(sql: RecordingFormat.view)
        try Self.insert(session, context, part: part, database)
        return .commit
      }
    }
  }

  /// Stores packets, and what keys gained in the interval that is running.
  func append(_ batch: DropBatch, naming names: any DropNames) throws {
    guard !batch.packets.packets.isEmpty || !batch.tallies.isEmpty else { return }
    try writing { database in
      for packet in batch.packets.packets {
        try append(packet, from: batch.packets.storage, naming: names, database)
      }
      for tally in batch.tallies { try append(tally, naming: names, database) }
    }
  }

  /// A chunk that is full goes to the file.
  private func append(
    _ packet: Packet, from storage: [UInt8], naming names: any DropNames, _ database: Database
  ) throws {
    let key = try written.number(of: packet.key, naming: names, database)
    let owner = try written.number(of: packet.owner, naming: names, database)
    let stack = try written.number(
      ofStack: storage.span.extracting(packet.stack).raw, naming: names, database)
    if packet.owner == nil {
      let bytes = storage.span.extracting(packet.bytes).raw
      if let question = ListenerQuestion(packet, PacketHeaders(packet, bytes)) {
        try written.writeListener(question, naming: names, database)
      }
    }
    chunk.append(packet, from: storage, key: key, owner: owner, stack: stack)
    if chunk.isFull { try flush(database) }
  }

  private func append(
    _ tally: Tally, naming names: any DropNames, _ database: Database
  ) throws {
    let key = try written.number(of: tally.key, naming: names, database)
    try written.completeNames(of: tally.key, naming: names, database)
    // A source that tells a key twice in an interval means the sum.
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO tallies VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
        drops = drops + excluded.drops, bytes = bytes + excluded.bytes,
        segments = segments + excluded.segments, first = min(first, excluded.first),
        last = max(last, excluded.last)
        """)
    try statement.execute(arguments: [
      interval, Int64(key), stored(tally.counts.drops), stored(tally.counts.bytes),
      stored(tally.counts.segments), stored(tally.first.nanoseconds),
      stored(tally.last.nanoseconds),
    ])
  }

  /// Ends the running interval and makes all that was stored safe.
  ///
  /// `gained` is what the account gained in the interval.
  func endInterval(
    at time: WallTime, after duration: Duration, clock: ClockOffset, gained: Loss, notes: [String]
  ) throws {
    try writing { database in
      for note in notes {
        try database.execute(
          sql: "INSERT INTO notes VALUES(?, ?)", arguments: [interval, note])
      }
      let counts = [
        gained.seen, gained.tallied, gained.overflowed, gained.filtered, gained.excluded,
        gained.offered, gained.delivered, gained.limited, gained.lost, gained.missed,
      ]
      var values: [Int64] = [Int64(interval), time.nanoseconds, duration.wholeNanoseconds]
      values.append(clock.nanoseconds)
      values += counts.map(stored)
      values.append(gained.isInterrupted ? 1 : 0)
      let places = values.map { _ in "?" }.joined(separator: ", ")
      try database.execute(
        sql: "INSERT INTO intervals VALUES(\(places))", arguments: StatementArguments(values))
    }
    try commit()
    interval += 1
  }

  /// Makes safe what was stored so far, in the midst of an interval.
  func commit() throws {
    guard isInTransaction else { return }
    try writing { try flush($0) }
    try queue.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
    isInTransaction = false
  }

  /// Ends the file properly: it is then one plain file, which can be read anywhere.
  func finish(at time: WallTime, isLast: Bool) throws {
    try commit()
    try queue.writeWithoutTransaction { database in
      try database.execute(
        sql: "UPDATE run SET ended = ?, is_last = ?", arguments: [time.nanoseconds, isLast])
      // Takes up what is in the write-ahead log and removes it.
      try database.execute(sql: "PRAGMA journal_mode=DELETE")
    }
    try queue.close()
  }

  /// Bytes of the file when its write-ahead log has been taken up.
  func size() throws -> UInt64 {
    try queue.writeWithoutTransaction { database in
      let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      return UInt64(pages) * UInt64(RecordingFormat.pageBytes)
    }
  }

  private func writing(_ body: (Database) throws -> Void) throws {
    try queue.writeWithoutTransaction { database in
      if !isInTransaction {
        try database.execute(sql: "BEGIN IMMEDIATE")
        isInTransaction = true
      }
      try body(database)
    }
  }

  /// Writes the packets that wait.
  private func flush(_ database: Database) throws {
    guard chunk.count > 0 else { return }
    let statement = try database.cachedStatement(
      sql: "INSERT INTO packets VALUES(NULL, ?, ?, ?, ?, ?)")
    try statement.execute(arguments: [
      interval, stored(chunk.first.nanoseconds), stored(chunk.last.nanoseconds), chunk.count,
      Data(chunk.bytes),
    ])
    chunk.removeAll()
  }

  private static func insert(
    _ session: Session, _ context: RecordingContext, part: Int, _ database: Database
  ) throws {
    let source = session.source
    try database.execute(
      sql: "INSERT INTO run VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
      arguments: [
        session.version, source.name, source.mechanism, session.kernel, session.host,
        context.typesDigest, session.filter, context.command, session.started.nanoseconds, part,
        WallTime.now.nanoseconds, ClockOffset.now.nanoseconds,
      ])
    for text in source.blindSpots {
      try database.execute(sql: "INSERT INTO blind_spots VALUES(?)", arguments: [text])
    }
    for refusal in source.refusals {
      try database.execute(
        sql: "INSERT INTO refusals VALUES(?, ?)", arguments: [refusal.source, refusal.reason])
    }
    for sysctl in context.sysctls {
      try database.execute(
        sql: "INSERT INTO sysctls VALUES(?, ?)", arguments: [sysctl.name, sysctl.value])
    }
  }
}

/// A kernel's number as SQLite keeps it: the same 64 bits, with a sign.
func stored(_ number: UInt64) -> Int64 { Int64(bitPattern: number) }

extension Duration {
  /// Nanoseconds, rounded down.
  var wholeNanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}
