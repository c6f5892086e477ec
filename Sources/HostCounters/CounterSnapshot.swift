package import DropModel

/// The counters of one network namespace at one time.
package struct CounterSnapshot: Sendable {
  package var time: MonotonicTime
  package var values: [CounterName: UInt64] = [:]
  /// The namespace's devices.
  package var devices: [NetworkDevice] = []
  /// What could not be read and why, a sentence each.
  package var problems: [String] = []

  package init(time: MonotonicTime) { self.time = time }

  /// How far each counter moved since an earlier snapshot; those that did not are absent.
  ///
  /// What was not there before began at 0: its device is new. What is smaller than before was made
  /// anew, or is of 32 bits and wrapped, if it had come near the end of those.
  package func changes(since earlier: CounterSnapshot) -> [CounterName: UInt64] {
    var changes: [CounterName: UInt64] = [:]
    for (name, value) in values {
      let before = earlier.values[name] ?? 0
      let change =
        if value >= before {
          value - before
        } else if before <= UInt64(UInt32.max), before > UInt64(UInt32.max) / 2 {
          value + (UInt64(UInt32.max) - before) + 1
        } else {
          value
        }
      if change > 0 { changes[name] = change }
    }
    return changes
  }
}
