internal import Bytes
internal import DropModel
internal import Export
internal import Glibc
internal import HostCounters
internal import Runtime

/// Reads counters each interval until the time is up, and shows what moved.
struct CounterWatch {
  var targets: CounterTargets
  var interval: Duration
  /// How long to run; nil until a signal.
  var duration: Duration?
  /// How many reports to make; nil for no limit.
  var count: Int?
  /// Whether counters are shown that count no loss.
  var showsAll: Bool
  /// Whether counters are shown that moved in this run but not in the last interval.
  var showsTotals: Bool
  private var meanings = CounterMeanings()

  init(
    _ targets: CounterTargets, interval: Duration, duration: Duration?, count: Int?,
    showsAll: Bool, showsTotals: Bool
  ) {
    self.targets = targets
    self.interval = interval
    self.duration = duration
    self.count = count
    self.showsAll = showsAll
    self.showsTotals = showsTotals
  }

  /// Runs; the last report has the totals.
  ///
  /// `opening` says what is watched. `start` is when the first snapshots were taken. A reader of `output` that has gone ends it quietly.
  mutating func run(
    _ loop: borrowing EventLoop, since start: MonotonicTime, into sink: any CounterSink,
    saying opening: String
  ) throws {
    let end = duration.map { start.advanced(by: $0) }
    var (next, intervalStart, reports) = (start.advanced(by: interval), start, 0)
    do {
      try sink.begin(opening)
      running: while true {
        let deadline = end.map { min($0, next) } ?? next
        switch loop.wait(until: deadline, output: STDOUT_FILENO) {
        case .signal: break running
        case .outputClosed: return
        case .packets, .input: continue
        case .deadline: break
        }
        if let end, deadline >= end { break running }
        if let count, reports + 1 >= count { break running }
        targets.advance()
        try show(since: start, intervalStart, isLast: false, sink)
        if targets.isEmpty { break running }
        intervalStart = .now
        reports += 1
        // After a pause (a stopped process, a slow terminal) intervals are not made up for.
        next = max(next.advanced(by: interval), MonotonicTime.now)
      }
      targets.advance()
      try show(since: start, intervalStart, isLast: true, sink)
    } catch WriteError.brokenPipe {
      return
    }
  }

  private mutating func show(
    since start: MonotonicTime, _ intervalStart: MonotonicTime, isLast: Bool,
    _ sink: any CounterSink
  ) throws {
    let now = MonotonicTime.now
    var parts: [CounterReport.Part] = []
    for target in isLast || showsTotals ? targets.all : targets.present {
      let names = isLast || showsTotals ? target.totals.keys.sorted() : target.changed.keys.sorted()
      parts.append(
        CounterReport.Part(
          namespace: target.namespace, rows: try rows(names, of: target),
          unknown: target.unknown.map(\.text).sorted(), unread: target.problems))
    }
    try sink.show(
      CounterReport(
        time: .now, interval: intervalStart.duration(to: now), elapsed: start.duration(to: now),
        parts: parts, isLast: isLast),
      notes: targets.takeNotes())
  }

  private mutating func rows(
    _ names: [CounterName], of target: CounterTarget
  ) throws -> [CounterReport.Row] {
    var rows: [CounterReport.Row] = []
    for name in names {
      let meaning = try meanings.meaning(of: name)
      guard showsAll || meaning.harm > .none else { continue }
      rows.append(
        CounterReport.Row(
          name: name.text, meaning: meaning, change: target.changed[name] ?? 0,
          total: target.totals[name] ?? 0))
    }
    return rows
  }
}
