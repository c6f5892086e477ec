internal import Diagnosis
internal import DropModel
internal import Glibc
internal import HostCounters
internal import HostState
internal import Netlink
internal import Packets

extension Evidence {
  /// What the kernel decides for the packets that most were like, and, if they came in from elsewhere,
  /// how it would answer: what reverse path filters go by.
  static func routes(
    of finding: Finding, _ state: StateReader, on host: HostWindow
  ) throws(NetlinkError) -> [Evidence] {
    guard let namespace = finding.namespace?.inode, let flow = finding.profile.mainFlow?.flow
    else { return [] }
    let question = try RouteQuestion(finding, flow, state)
    let decision = try question.ask(state)
    func text(_ decision: Route.Decision) -> String {
      decision.text { host.link($0, in: namespace)?.name }
    }
    var value = text(decision)
    // The kernel has one error for what goes nowhere and for what cannot come from where it came from.
    if case .refused(EINVAL) = decision, question.ingress != nil,
      case .route = try state.route(to: flow.destination)
    {
      value =
        "refused, as \(flow.source.text) cannot come from there (rp_filter, or no valid source)"
    }
    var evidence = [
      Evidence(
        name: "route to \(flow.destination.text)", value: value,
        placeholders: decision.nextHop(to: flow.destination).map { [.nexthop: $0.text] } ?? [:])
    ]
    if question.ingress != nil, !flow.source.isLocalAnywhere, !flow.source.isUnspecified {
      evidence.append(
        Evidence(
          name: "route back to \(flow.source.text)",
          value: text(try state.route(to: flow.source))))
    }
    return evidence
  }
}

/// What to ask the kernel of a finding's packets.
struct RouteQuestion {
  private let flow: PacketProfile.Flow
  /// The index of the device that they came in by; nil if they are this machine's own.
  let ingress: UInt32?
  private let source: IPAddress?

  init(
    _ finding: Finding, _ flow: PacketProfile.Flow, _ state: StateReader
  ) throws(NetlinkError) {
    self.flow = flow
    let isOurs = try state.addresses().contains { $0.address == flow.source }
    // Not every source tells where a packet came in; a stranger's did, most likely by the device that it
    // was dropped on.
    ingress =
      finding.profile.mainIngress ?? (isOurs ? nil : finding.devices.first.map { $0.index })
    // The kernel takes no foreign source for a packet of its own.
    source = ingress != nil || isOurs ? flow.source : nil
  }

  func ask(_ state: StateReader) throws(NetlinkError) -> Route.Decision {
    try state.route(to: flow.destination, from: source, by: ingress)
  }
}

extension Route.Decision {
  /// The neighbour that a packet to `destination` is handed to; nil if it is handed to none.
  func nextHop(to destination: IPAddress) -> IPAddress? {
    guard case .route(let route) = self, route.kind == "unicast" else { return nil }
    return route.gateway ?? destination
  }

  /// "10.0.0.1 by eth0", "to this machine", "no route (network is unreachable)".
  fileprivate func text(naming name: (UInt32) -> String?) -> String {
    switch self {
    case .refused(let code): return Self.refusal(code)
    case .route(let route):
      switch route.kind {
      case "local": return "to this machine"
      case "unicast", "broadcast", "multicast", "anycast":
        let device = route.device.map { name($0) ?? "device \($0)" }
        let way = [
          route.gateway.map { "by \($0.text)" } ?? "on the link", device.map { "on \($0)" },
          route.kind == "unicast" ? nil : "as \(route.kind)",
          [0, 254, 255].contains(route.table) ? nil : "of table \(route.table)",
        ]
        return way.compactMap(\.self).joined(separator: " ")
      default: return "a route says \(route.kind)"
      }
    }
  }

  /// Errors of net/ipv4/route.c and net/ipv6/route.c in words.
  private static func refusal(_ code: Int32) -> String {
    switch code {
    case ENETUNREACH: "no route (network is unreachable)"
    case EHOSTUNREACH: "unreachable (no route, a route says so, or nothing is forwarded)"
    case EACCES: "prohibited by a route"
    case EINVAL: "refused (a blackhole route, or an address that is not valid there)"
    default: "refused (\(unsafe String(cString: strerror(code))))"
    }
  }
}

extension IPAddress {
  /// 0.0.0.0 or ::.
  fileprivate var isUnspecified: Bool { high == 0 && low == 0 }
}
