/// What a recording is: an SQLite database with exactly these tables.
///
/// docs/recording-format.md explains them to those who read one with another program.
enum RecordingFormat {
  /// "drop" in ASCII: SQLite's `application_id`, at the offset 68 of the file.
  static let applicationID: Int32 = 0x6472_6F70
  /// SQLite's `user_version`: what a reader must know to understand the file.
  static let version: Int32 = 1
  /// Bytes of a page: large, for most of the file are packets in blobs of 64 KiB and more.
  static let pageBytes = 16384
  /// Pages of the write-ahead log after which it is taken up into the file: 4 MiB.
  static let logPages = 256

  /// A table and how it is made.
  ///
  /// SQLite keeps the text, by which a reader knows a true recording.
  struct Table: Sendable {
    let name: String
    let statement: String

    /// `columns` is all that is written between the parentheses, and what comes behind them.
    init(_ name: String, _ columns: String) {
      self.name = name
      statement = "CREATE TABLE \(name)(\(columns)"
    }
  }

  /// All tables; numbers are the kernel's own, 64 bits of them as two's complement, times are in
  /// nanoseconds.
  static let tables = [
    Table(
      "run",
      """
      version TEXT NOT NULL, source TEXT NOT NULL, mechanism TEXT NOT NULL, kernel TEXT NOT NULL, \
      host TEXT NOT NULL, types_digest TEXT, filter TEXT, command TEXT, started INTEGER NOT NULL, \
      part INTEGER NOT NULL, began INTEGER NOT NULL, clock_offset INTEGER NOT NULL, \
      ended INTEGER, is_last INTEGER)
      """),
    Table("blind_spots", "text TEXT NOT NULL)"),
    Table("refusals", "source TEXT NOT NULL, reason TEXT NOT NULL)"),
    Table("sysctls", "name TEXT NOT NULL, value TEXT NOT NULL)"),
    Table(
      "intervals",
      """
      id INTEGER PRIMARY KEY, ended INTEGER NOT NULL, duration INTEGER NOT NULL, \
      clock_offset INTEGER NOT NULL, seen INTEGER NOT NULL, tallied INTEGER NOT NULL, \
      overflowed INTEGER NOT NULL, filtered INTEGER NOT NULL, excluded INTEGER NOT NULL, \
      offered INTEGER NOT NULL, delivered INTEGER NOT NULL, limited INTEGER NOT NULL, \
      lost INTEGER NOT NULL, missed INTEGER NOT NULL, interrupted INTEGER NOT NULL)
      """),
    Table("notes", "interval INTEGER NOT NULL, text TEXT NOT NULL)"),
    Table(
      "keys",
      """
      id INTEGER PRIMARY KEY, site INTEGER NOT NULL, reason INTEGER NOT NULL, \
      netns INTEGER NOT NULL, device INTEGER NOT NULL, ethertype INTEGER NOT NULL, \
      transport INTEGER NOT NULL, family INTEGER NOT NULL, qdisc INTEGER NOT NULL, \
      protocol_name TEXT, transport_name TEXT)
      """),
    Table(
      "tallies",
      """
      interval INTEGER NOT NULL, key INTEGER NOT NULL, drops INTEGER NOT NULL, \
      bytes INTEGER NOT NULL, segments INTEGER NOT NULL, first INTEGER NOT NULL, \
      last INTEGER NOT NULL, PRIMARY KEY(interval, key)) WITHOUT ROWID
      """),
    Table(
      "packets",
      """
      id INTEGER PRIMARY KEY, interval INTEGER NOT NULL, first INTEGER NOT NULL, \
      last INTEGER NOT NULL, count INTEGER NOT NULL, data BLOB NOT NULL)
      """),
    Table("stacks", "id INTEGER PRIMARY KEY, frames BLOB NOT NULL)"),
    Table(
      "owners",
      """
      id INTEGER PRIMARY KEY, uid INTEGER NOT NULL, cgroup INTEGER NOT NULL, \
      inode INTEGER NOT NULL, user TEXT, cgroup_path TEXT, unit TEXT, container TEXT, \
      runtime TEXT, pid INTEGER, command TEXT)
      """),
    Table(
      "listeners",
      """
      netns INTEGER NOT NULL, transport INTEGER NOT NULL, port INTEGER NOT NULL, \
      address_high INTEGER NOT NULL, address_low INTEGER NOT NULL, ipv6 INTEGER NOT NULL, \
      uid INTEGER NOT NULL, user TEXT, cgroup_path TEXT, unit TEXT, container TEXT, runtime TEXT, \
      pid INTEGER, command TEXT)
      """),
    Table("reasons", "number INTEGER PRIMARY KEY, subsystem TEXT, name TEXT, trap_group TEXT)"),
    Table(
      "sites",
      """
      address INTEGER PRIMARY KEY, symbol TEXT, offset INTEGER NOT NULL, size INTEGER NOT NULL, \
      module TEXT)
      """),
    Table("namespaces", "inode INTEGER PRIMARY KEY, name TEXT)"),
    Table(
      "devices",
      """
      netns INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT, \
      PRIMARY KEY(netns, number)) WITHOUT ROWID
      """),
    Table(
      "qdiscs",
      """
      number INTEGER PRIMARY KEY, kind TEXT NOT NULL, handle INTEGER NOT NULL, \
      parent INTEGER NOT NULL)
      """),
  ]

  /// Tallies with their names, for people with `sqlite3`; our own reader does not use it.
  static let view = """
    CREATE VIEW drops AS SELECT
      strftime('%Y-%m-%dT%H:%M:%fZ', intervals.ended / 1e9, 'unixepoch') AS time,
      tallies.drops, tallies.bytes, tallies.segments, reasons.subsystem, reasons.name AS reason,
      sites.symbol, sites.offset, sites.module, printf('0x%x', keys.site) AS address,
      ifnull(namespaces.name, nullif(keys.netns, 0)) AS netns,
      ifnull(devices.name, nullif(keys.device, 0)) AS device,
      keys.protocol_name AS protocol, keys.transport_name AS transport, qdiscs.kind AS qdisc
    FROM tallies JOIN intervals ON intervals.id = tallies.interval JOIN keys ON keys.id = tallies.key
      LEFT JOIN reasons ON reasons.number = keys.reason
      LEFT JOIN sites ON sites.address = keys.site
      LEFT JOIN namespaces ON namespaces.inode = keys.netns
      LEFT JOIN devices ON devices.netns = keys.netns AND devices.number = keys.device
      LEFT JOIN qdiscs ON qdiscs.number = keys.qdisc
    """
}
