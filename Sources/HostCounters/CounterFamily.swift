/// Where counters are read from; each has a file here that reads it.
package enum CounterFamily: String, CaseIterable, Sendable {
  /// Network devices, by rtnetlink.
  case link
  /// What drivers and cards count beyond that, by ethtool's ioctl.
  case ethtool
  /// The receive queues of the CPUs: /proc/net/softnet_stat.
  case softnet
  /// The MIBs of the protocols, by nstat(8)'s names.
  case netstat
  /// Queueing disciplines, by rtnetlink.
  case qdisc
  /// Connection tracking.
  case conntrack
  /// TCP, UDP and raw sockets, by sock_diag(7).
  case socket
  /// Packet sockets, such as tcpdump's.
  case packet
  /// AF_XDP sockets.
  case xsk

  /// Whether only what has counted something is listed, so that what is not there is 0.
  var listsOnlyWhatMoved: Bool {
    switch self {
    // The kernel lists ICMP types that it has met (net/ipv4/proc.c, icmpmsg_put), all else always.
    case .socket, .packet, .xsk, .netstat: true
    case .link, .ethtool, .qdisc, .softnet, .conntrack: false
    }
  }

  /// Whether it is the machine's, the same in every namespace.
  package var isOfHost: Bool { self == .softnet }
}

extension CounterFamily: Comparable {
  package static func < (left: CounterFamily, right: CounterFamily) -> Bool {
    left.position < right.position
  }

  private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
