internal import DropModel
internal import HostCounters

/// One namespace whose counters are watched, or the machine.
final class CounterTarget {
  /// nil for what the machine has one of.
  let namespace: NetworkNamespace?
  private let reader: CounterReader
  private var last: CounterSnapshot
  /// By how much each counter moved since the run began.
  private(set) var totals: [CounterName: UInt64] = [:]
  /// By how much in the last interval.
  private(set) var changed: [CounterName: UInt64] = [:]
  private(set) var unknown: Set<CounterName> = []
  private(set) var vanished: Set<CounterOwner> = []

  /// What cannot be watched any more.
  enum Ending: Error, CustomStringConvertible {
    case replaced

    var description: String { "it is gone" }
  }

  /// Takes the first snapshot; `file` is the namespace's, nil for our own.
  init(_ namespace: NetworkNamespace?, file: String?) throws {
    self.namespace = namespace
    reader = CounterReader(
      namespace: file,
      families: CounterFamily.allCases.filter { $0.isOfHost == (namespace == nil) })
    last = try reader.snapshot()
    try check(last)
  }

  /// How many counters there are.
  var count: Int { last.counters.count }

  /// What could not be read.
  var problems: [String] { last.problems }

  /// Reads the counters again; throws if the namespace is gone or cannot be entered.
  func advance() throws {
    (changed, unknown, vanished) = ([:], [], [])
    let snapshot = try reader.snapshot()
    try check(snapshot)
    let changes = snapshot.changes(since: last)
    (changed, unknown, vanished) = (changes.changed, changes.unknown, changes.vanished)
    totals.merge(changed) { $0 &+ $1 }
    last = snapshot
  }

  /// Forgets the last interval.
  func rest() { (changed, unknown, vanished) = ([:], [], []) }

  /// Another namespace may have the file's name by now.
  private func check(_ snapshot: CounterSnapshot) throws(Ending) {
    guard let namespace, snapshot.namespace != 0 else { return }
    guard snapshot.namespace == namespace.inode else { throw .replaced }
  }
}
