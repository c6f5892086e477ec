/// A counter of the machine's: "link.veth0.rx_dropped", "netstat.UdpRcvbufErrors".
package struct CounterName: Hashable, Sendable {
  /// Where it is read: "link", "netstat", "softnet", "qdisc".
  package var family: String
  /// The device, the CPU, the queueing discipline; nil of counters that there is one of.
  package var instance: String?
  package var field: String

  package init(_ family: String, _ instance: String? = nil, _ field: String) {
    self.family = family
    self.instance = instance
    self.field = field
  }

  /// All of it, as JSON has it.
  package var text: String {
    [family, instance, field].compactMap(\.self).joined(separator: ".")
  }

  /// Without the instance, as knowledge calls it.
  package var kind: String { "\(family).\(field)" }
}
