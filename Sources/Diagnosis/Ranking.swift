package import DropModel

/// How a ledger is to be shown: what drops are told apart by, and which come first.
package struct Ranking: Equatable, Sendable {
  /// What puts a row before another; ties are broken by the total, then by name.
  package enum Order: String, CaseIterable, Sendable {
    /// Drops in the interval, most first.
    case drops
    /// Drops since the start, most first.
    case total
    /// Bytes in the interval, most first.
    case bytes
    /// Segments in the interval, most first.
    case segments
    /// The latest drop first.
    case recent
    /// Reason, then site, by the alphabet.
    case name
  }

  package var dimensions: Set<Dimension>
  package var order: Order
  /// How many rows at most; nil for all.
  package var limit: Int?

  package init(
    dimensions: Set<Dimension> = Set(Dimension.allCases), order: Order = .drops,
    limit: Int? = nil
  ) {
    self.dimensions = dimensions
    self.order = order
    self.limit = limit
  }

  /// The rows of a ledger: groups added up, sorted and cut.
  ///
  /// `includesIdle` keeps what dropped nothing in this interval, for a screen that stays.
  package func rows(
    of ledger: Ledger, includesIdle: Bool, naming name: (DropKey) -> Drop
  ) -> Rows {
    var groups: [Drop: Row] = [:]
    for (key, entry) in ledger.entries where includesIdle || entry.interval.drops > 0 {
      let drop = name(key).keeping(dimensions)
      groups[drop, default: Row(drop: drop)].add(entry)
    }
    let sorted = groups.values.sorted(by: precedes)
    guard let limit, sorted.count > limit else { return Rows(rows: sorted) }
    return Rows(
      rows: Array(sorted[..<limit]), hidden: sorted.count - limit,
      hiddenDrops: sorted[limit...].reduce(0) { $0 + $1.interval.drops })
  }

  private func precedes(_ left: Row, _ right: Row) -> Bool {
    let (a, b) = (rank(left), rank(right))
    if a != b { return a > b }
    if order != .name, left.total.drops != right.total.drops {
      return left.total.drops > right.total.drops
    }
    return left.drop.sortName < right.drop.sortName
  }

  private func rank(_ row: Row) -> UInt64 {
    switch order {
    case .drops: row.interval.drops
    case .total: row.total.drops
    case .bytes: row.interval.bytes
    case .segments: row.interval.segments
    case .recent: row.last.nanoseconds
    case .name: 0
    }
  }
}

/// Sorted rows, and what was cut off.
package struct Rows: Sendable {
  package var rows: [Row]
  /// How many rows were cut off.
  package var hidden: Int
  /// What those dropped in the interval.
  package var hiddenDrops: UInt64

  package init(rows: [Row], hidden: Int = 0, hiddenDrops: UInt64 = 0) {
    self.rows = rows
    self.hidden = hidden
    self.hiddenDrops = hiddenDrops
  }
}

/// One line: a key, or a group of keys.
package struct Row: Sendable {
  package let drop: Drop
  package private(set) var interval = Counts.zero
  package private(set) var previous = Counts.zero
  package private(set) var total = Counts.zero
  package private(set) var last = MonotonicTime(nanoseconds: 0)

  package init(drop: Drop) { self.drop = drop }

  /// Adds a key's entry to the group.
  package mutating func add(_ entry: Ledger.Entry) {
    interval += entry.interval
    previous += entry.previous
    total += entry.total
    last = max(last, entry.last)
  }

  /// How the interval compares with the one before.
  package var change: Change {
    if interval.drops == 0 { return .idle }
    if total.drops == interval.drops { return .new }
    if interval.drops == previous.drops { return .same }
    return interval.drops > previous.drops ? .up : .down
  }
}

/// How a rate moved.
package enum Change: Sendable {
  /// Its first drops ever.
  case new
  case up, same, down
  /// Nothing in this interval.
  case idle
}

extension Drop {
  /// What rows are sorted by when counts do not decide: stable from interval to interval.
  var sortName: String {
    [
      reason?.name, siteLabel, device?.label, namespace?.label, networkProtocol, transport,
    ].map { $0 ?? "" }.joined(separator: "\u{1}")
  }
}
