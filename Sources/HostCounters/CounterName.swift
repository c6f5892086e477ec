/// What a counter is called: "link.veth0.rx_dropped", "netstat.UdpRcvbufErrors".
package struct CounterName: Hashable, Sendable {
  package var family: CounterFamily
  /// The thing that it belongs to, as people write it ("veth0", "eth0 1:", "udp 10.0.0.2:53"); nil for
  /// what a namespace has one of.
  package var instance: String?
  /// The kernel's own word.
  package var field: String

  /// A counter that a namespace has one of.
  package init(_ family: CounterFamily, _ field: String) {
    self.init(family, nil, field)
  }

  package init(_ family: CounterFamily, _ instance: String?, _ field: String) {
    self.family = family
    self.instance = instance
    self.field = field
  }

  /// The whole name, as shown.
  package var text: String {
    instance.map { "\(family.rawValue).\($0).\(field)" } ?? kind
  }

  /// The name without the instance: "link.rx_dropped", which docs/knowledge.md is about.
  package var kind: String { "\(family.rawValue).\(field)" }

  /// Whose it is; nil for what a namespace has one of.
  package var owner: CounterOwner? { instance.map { CounterOwner(family: family, instance: $0) } }
}

/// A thing that has counters of its own: a device, a queueing discipline, a CPU, a socket.
package struct CounterOwner: Hashable, Sendable {
  package var family: CounterFamily
  package var instance: String

  package init(family: CounterFamily, instance: String) {
    self.family = family
    self.instance = instance
  }

  /// "link.veth0".
  package var text: String { "\(family.rawValue).\(instance)" }
}

extension CounterName: Comparable {
  package static func < (left: CounterName, right: CounterName) -> Bool {
    if left.family != right.family { return left.family < right.family }
    if left.instance != right.instance { return left.instance ?? "" < right.instance ?? "" }
    return left.field < right.field
  }
}
