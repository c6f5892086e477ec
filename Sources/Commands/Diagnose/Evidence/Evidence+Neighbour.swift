internal import Diagnosis
internal import DropModel
internal import HostCounters
internal import HostState
internal import Netlink
internal import Packets

extension Evidence {
  /// The entry for the next hop of the packets that most were like; none if they have no next hop.
  static func neighbours(
    of finding: Finding, _ state: StateReader, on host: HostWindow
  ) throws(NetlinkError) -> [Evidence] {
    guard let namespace = finding.namespace?.inode, let flow = finding.profile.mainFlow?.flow
    else { return [] }
    let decision = try RouteQuestion(finding, flow, state).ask(state)
    guard case .route(let route) = decision, let hop = decision.nextHop(to: flow.destination),
      !hop.isLocalAnywhere
    else { return [] }
    let entries = try state.neighbours().filter {
      $0.address == hop && (route.device == nil || $0.device == route.device)
    }
    let evidence = { (device: UInt32?, value: String) in
      let name = device.flatMap { host.link($0, in: namespace)?.name }
      return Evidence(
        name: "neighbour \(hop.text)" + (name.map { " on \($0)" } ?? ""), value: value,
        placeholders: [.nexthop: hop.text])
    }
    return entries.isEmpty
      ? [evidence(route.device, "no entry")] : entries.map { evidence($0.device, $0.text) }
  }
}

extension Neighbour {
  /// "FAILED", "REACHABLE at 02:00:00:00:00:01".
  fileprivate var text: String {
    guard !hardwareAddress.isEmpty else { return state }
    let digits = hardwareAddress.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return "\(state) at \(digits.joined(separator: ":"))"
  }
}
