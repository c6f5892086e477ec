/// Reads the counters of one family.
protocol CounterSource {
  static var family: CounterFamily { get }

  /// Adds to a snapshot what the namespace has.
  ///
  /// What there is no such thing of (no conntrack, no packet sockets) is no problem: nothing is added.
  /// An error means that the family could not be read to its end, and becomes a sentence of the snapshot.
  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws
}

extension CounterFamily {
  var source: any CounterSource.Type {
    switch self {
    case .link: LinkCounters.self
    case .ethtool: EthtoolCounters.self
    case .softnet: SoftnetCounters.self
    case .netstat: NetstatCounters.self
    case .qdisc: QdiscCounters.self
    case .conntrack: ConntrackCounters.self
    case .socket: SocketCounters.self
    case .packet: PacketSocketCounters.self
    case .xsk: XDPSocketCounters.self
    }
  }
}
