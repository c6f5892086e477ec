package import DropModel

/// The counters of one network namespace at one time.
package struct CounterSnapshot: Sendable {
  /// When reading began.
  package var time: MonotonicTime
  /// The namespace that was read; 0 if the kernel did not tell.
  package var namespace: UInt32
  /// What only ever grows.
  package var counters: [CounterName: UInt64] = [:]
  /// What goes up and down: queue lengths, entries in tables.
  package var gauges: [CounterName: Int64] = [:]
  /// What could not be read, and why: a sentence each.
  package var problems: [String] = []
  /// The families that were read to their end.
  package var complete: Set<CounterFamily> = []
  /// What tells a thing from another of the same name: a device's index, a socket's cookie.
  var identities: [CounterOwner: UInt64] = [:]

  package init(time: MonotonicTime, namespace: UInt32) {
    self.time = time
    self.namespace = namespace
  }

  /// A counter's value; nil if it was not read.
  package subscript(_ name: CounterName) -> UInt64? { counters[name] }

  /// The thing's counters count from its beginning on, which this number tells apart.
  mutating func identify(_ family: CounterFamily, _ instance: String, as identity: UInt64) {
    identities[CounterOwner(family: family, instance: instance)] = identity
  }
}
