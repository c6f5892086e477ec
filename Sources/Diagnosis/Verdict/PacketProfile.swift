package import DropModel
package import Packets

/// What dropped packets of one kind have in common, from those that were seen whole.
///
/// Bounded: of more flows and ports than ``limit`` the rest only adds to the totals.
package struct PacketProfile: Sendable {
  /// Who talked to whom.
  package struct Flow: Hashable, Sendable {
    package var source: IPAddress
    package var destination: IPAddress
    package var sourcePort: UInt16
    package var destinationPort: UInt16
  }

  /// How many different flows and ports are remembered.
  static let limit = 4096

  /// How many packets were seen.
  package private(set) var seen = 0
  private(set) var destinations: [Condition.AddressKind: Int] = [:]
  private(set) var sources: [Condition.AddressKind: Int] = [:]
  private(set) var flags: [Condition.TCPFlag: Int] = [:]
  private(set) var segments = 0
  private(set) var withPayload = 0
  private(set) var ports: [UInt16: Int] = [:]
  private(set) var flows: [Flow: Int] = [:]
  private(set) var portsBySource: [IPAddress: Set<UInt16>] = [:]
  private(set) var states: [UInt8: Int] = [:]
  private(set) var ingresses: [UInt32: Int] = [:]
  private(set) var networks: [UInt32: Int] = [:]
  /// Whose packets, most first; of sockets that told their owner.
  package private(set) var owners: [Owner: Int] = [:]

  package init() {}

  /// Adds a packet: its headers, its socket's state and owner if there is one, and the index of the
  /// device that it came in by, 0 if that is not known or it came in by none.
  package mutating func add(
    _ headers: PacketHeaders, state: UInt8? = nil, owner: Owner? = nil, ingress: UInt32 = 0
  ) {
    seen += 1
    if ingresses[ingress] != nil || ingresses.count < Self.limit {
      ingresses[ingress, default: 0] += 1
    }
    if case .vxlan(let network)? = headers.tunnel,
      networks[network] != nil || networks.count < Self.limit
    {
      networks[network, default: 0] += 1
    }
    if let kind = headers.destinationKind { destinations[kind, default: 0] += 1 }
    if let kind = headers.source?.kind { sources[kind, default: 0] += 1 }
    if let tcp = headers.tcp {
      segments += 1
      for flag in Condition.TCPFlag.allCases where tcp.flags.rawValue & flag.bit != 0 {
        flags[flag, default: 0] += 1
      }
    }
    if headers.payloadLength ?? 0 > 0 { withPayload += 1 }
    if let state { states[state, default: 0] += 1 }
    if let owner { owners[owner, default: 0] += 1 }
    guard let source = headers.source, let destination = headers.destination else { return }
    let ports = headers.ports
    let flow = Flow(
      source: source, destination: destination, sourcePort: ports?.source ?? 0,
      destinationPort: ports?.destination ?? 0)
    if flows[flow] != nil || flows.count < Self.limit { flows[flow, default: 0] += 1 }
    guard let ports else { return }
    if self.ports[ports.destination] != nil || self.ports.count < Self.limit {
      self.ports[ports.destination, default: 0] += 1
    }
    if portsBySource[source] != nil || portsBySource.count < Self.limit {
      portsBySource[source, default: []].insert(ports.destination)
    }
  }

  package static func += (profile: inout PacketProfile, other: PacketProfile) {
    profile.seen += other.seen
    profile.destinations.merge(other.destinations, uniquingKeysWith: +)
    profile.sources.merge(other.sources, uniquingKeysWith: +)
    profile.flags.merge(other.flags, uniquingKeysWith: +)
    profile.segments += other.segments
    profile.withPayload += other.withPayload
    profile.ports.merge(other.ports, uniquingKeysWith: +)
    profile.flows.merge(other.flows, uniquingKeysWith: +)
    profile.portsBySource.merge(other.portsBySource) { $0.union($1) }
    profile.states.merge(other.states, uniquingKeysWith: +)
    profile.ingresses.merge(other.ingresses, uniquingKeysWith: +)
    profile.networks.merge(other.networks, uniquingKeysWith: +)
    profile.owners.merge(other.owners, uniquingKeysWith: +)
  }

  /// The flow that most packets were of, and how many.
  package var mainFlow: (flow: Flow, packets: Int)? {
    flows.max { ($0.value, $1.key.order) < ($1.value, $0.key.order) }.map { ($0.key, $0.value) }
  }

  /// Whose packets most were.
  package var mainOwner: Owner? {
    owners.max { ($0.value, $1.key.uid) < ($1.value, $0.key.uid) }?.key
  }

  /// The index of the device that most packets came in by; nil if they came in by none, or the kernel
  /// did not tell.
  package var mainIngress: UInt32? {
    guard let index = Self.most(ingresses), index != 0 else { return nil }
    return index
  }

  /// The identifier of the VXLAN that most packets were of; nil if they were of none.
  package var mainNetwork: UInt32? { Self.most(networks) }

  private static func most(_ counts: [UInt32: Int]) -> UInt32? {
    counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// How many different flows were seen.
  package var flowCount: Int { flows.count }

  /// Whether more than half of `total` are `part`.
  func isMost(_ part: Int, of total: Int) -> Bool { total > 0 && part * 2 > total }
}

extension PacketProfile.Flow {
  /// Decides ties the same way each time.
  fileprivate var order: UInt64 {
    source.low &+ destination.low &+ UInt64(sourcePort) << 16 &+ UInt64(destinationPort)
  }
}

extension Condition.TCPFlag {
  /// Its bit in the header (RFC 9293 §3.1).
  fileprivate var bit: UInt16 {
    switch self {
    case .FIN: 0x01
    case .SYN: 0x02
    case .RST: 0x04
    case .PSH: 0x08
    case .ACK: 0x10
    }
  }
}

extension IPAddress {
  /// What kind of address it is by itself; a network's own broadcast address is none by itself.
  var kind: Condition.AddressKind {
    if high == 0, low == 0 { return .unspecified }
    if isIPv6 {
      if high >> 56 == 0xFF { return .multicast }
      return high == 0 && low == 1 ? .loopback : .unicast
    }
    if low >> 24 == 127 { return .loopback }
    if low >> 28 == 0xE { return .multicast }
    return low == 0xFFFF_FFFF ? .broadcast : .unicast
  }
}

extension PacketHeaders {
  /// Where it went: the link's address tells what an IP address cannot.
  fileprivate var destinationKind: Condition.AddressKind? {
    if let address = ethernet?.destination.value {
      if address == 0xFFFF_FFFF_FFFF { return .broadcast }
      if address >> 40 & 1 == 1 { return .multicast }
    }
    return destination?.kind ?? (ethernet == nil ? nil : .unicast)
  }
}
