internal import Bytes
internal import DropModel
internal import Netlink

/// The counters of queueing disciplines.
///
/// A parent counts what its children drop as well: add up one level only.
enum QdiscCounters: CounterSource {
  static let family = CounterFamily.qdisc

  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    let devices = Dictionary(try place.links().map { ($0.index, $0.name) }) { first, _ in first }
    for qdisc in try DeviceQdisc.all(over: place.connection(.route)) {
      // A device that came after the list of devices is in the next snapshot.
      guard let device = devices[qdisc.device] else { continue }
      add(qdisc, on: device, to: &snapshot)
    }
  }

  private static func add(
    _ qdisc: DeviceQdisc, on device: String, to snapshot: inout CounterSnapshot
  ) {
    let instance = qdisc.instance(on: device)
    snapshot.identify(family, instance, as: identity(qdisc))
    let statistics = qdisc.statistics
    let counters = [
      ("bytes", statistics.bytes), ("packets", statistics.packets),
      ("drops", UInt64(statistics.drops)), ("overlimits", UInt64(statistics.overlimits)),
      ("requeues", UInt64(statistics.requeues)),
    ]
    for (field, value) in counters + qdisc.own.map({ ($0.field, $0.value) }) {
      snapshot.counters[CounterName(family, instance, field)] = value
    }
    snapshot.gauges[CounterName(family, instance, "backlog")] = Int64(statistics.backlog)
    snapshot.gauges[CounterName(family, instance, "qlen")] = Int64(statistics.queueLength)
  }

  /// Another one in the same place is of another kind or on another device, or has another handle.
  private static func identity(_ qdisc: DeviceQdisc) -> UInt64 {
    let kind = qdisc.qdisc.kind.utf8Span.span.raw.fnv1a
    let place = UInt64(qdisc.qdisc.parent) << 32 | UInt64(qdisc.qdisc.handle)
    return (kind ^ place) &* 31 &+ UInt64(qdisc.device)
  }
}

extension DeviceQdisc {
  /// What its counters are called after: "eth0 1:"; those that nobody numbered have their class in place
  /// of it, "eth0 0: parent 1:10".
  package func instance(on device: String) -> String {
    let text = "\(device) \(qdisc.handle == 0 ? "0:" : qdisc.handleText)"
    guard qdisc.handle == 0, let parent = qdisc.parentText else { return text }
    return "\(text) parent \(parent)"
  }
}

extension CounterReader {
  /// The queueing disciplines of the namespace.
  package func qdiscs() throws -> [DeviceQdisc] {
    try inside { try DeviceQdisc.all(over: $0.connection(.route)) }
  }
}
