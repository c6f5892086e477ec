/// How far one of the machine's counters moved in the window.
package struct CounterChange: Equatable, Sendable {
  /// Where it is read: "link", "netstat", "softnet", "qdisc".
  package var family: String
  /// The device, the CPU, the queueing discipline; nil of counters that there is one of.
  package var instance: String?
  package var field: String
  /// The inode of the network namespace; 0 of counters of the whole machine.
  package var namespace: UInt32
  package var change: UInt64

  package init(
    family: String, instance: String? = nil, field: String, namespace: UInt32, change: UInt64
  ) {
    self.family = family
    self.instance = instance
    self.field = field
    self.namespace = namespace
    self.change = change
  }

  /// As knowledge calls it: "link.rx_dropped".
  package var kind: String { "\(family).\(field)" }

  /// As people meet it: "eth0 rx_dropped", "UdpRcvbufErrors".
  package var title: String {
    switch (family, instance) {
    case ("netstat", _): field
    case (_, let instance?): "\(instance) \(field)"
    case (_, nil): kind
    }
  }
}
