/// Where on its way through the machine a packet is, in the order of that way: in from the wire, and out
/// again.
package enum Station: String, CaseIterable, Sendable {
  case nic, driver, xdp, wireless, gro, backlog
  case tcIngress = "tc-ingress"
  /// Whoever takes packets from a device: bridges, Open vSwitch, macvlan, bonds.
  case bridge
  /// The hand-over to a protocol, by the ethertype.
  case `protocol`
  /// Header and options of IPv4 and IPv6.
  case ip
  case netfilter, route, fragments, tunnel, ipsec, transport, socket
  /// From here on it is the way out.
  case neighbour
  case tcEgress = "tc-egress"
  case qdisc, transmit
  /// Counters of the machine as a whole.
  case host

  /// Whether it lies on the way out.
  package var isOutbound: Bool {
    switch self {
    case .neighbour, .tcEgress, .qdisc, .transmit: true
    default: false
    }
  }

  /// What it is called for people.
  package var title: String {
    switch self {
    case .nic: "NIC"
    case .driver: "driver"
    case .xdp: "XDP"
    case .wireless: "Wi-Fi (mac80211)"
    case .gro: "GRO"
    case .backlog: "CPU backlog"
    case .tcIngress: "tc ingress"
    case .bridge: "bridge, switch"
    case .protocol: "protocol hand-over"
    case .ip: "IP header"
    case .netfilter: "netfilter"
    case .route: "routing"
    case .fragments: "reassembly"
    case .tunnel: "tunnel"
    case .ipsec: "IPsec"
    case .transport: "transport"
    case .socket: "socket"
    case .neighbour: "neighbour (ARP, NDISC)"
    case .tcEgress: "tc egress"
    case .qdisc: "qdisc"
    case .transmit: "transmit"
    case .host: "host"
    }
  }
}
