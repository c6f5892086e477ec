internal import Bytes
internal import Diagnosis
internal import DropModel
internal import HostState
internal import Netlink
internal import Packets

extension Evidence {
  /// How many policies and states IPsec has, the policies that mean the packets that most were like, and
  /// the states for these.
  static func transformations(
    of finding: Finding, _ state: StateReader
  ) throws(NetlinkError) -> [Evidence] {
    let (policies, associations) = (try state.policies(), try state.associations())
    let count = Evidence(
      name: "xfrm",
      value: "policies: \(grouped(UInt64(policies.count))), "
        + "states: \(grouped(UInt64(associations.count)))")
    guard let flow = finding.profile.mainFlow?.flow else { return [count] }
    let matching = policies.filter {
      $0.selector.covers(from: flow.source, to: flow.destination)
    }
    .sorted { ($0.priority, $0.index) < ($1.priority, $1.index) }
    let told = matching.prefix(3).map { policy in
      Evidence(
        name: "xfrm policy \(policy.direction)", value: policy.text(with: associations))
    }
    // What comes in transformed is looked up by its ends.
    let own = associations.filter {
      $0.source == flow.source && $0.destination == flow.destination
    }
    return [count] + told
      + own.prefix(3).map { Evidence(name: "xfrm state", value: $0.text) }
  }
}

extension SecurityPolicy {
  /// "10.0.0.1/32 > 10.0.0.2/32, block", "…, esp tunnel 192.0.2.1 > 192.0.2.2, no state".
  fileprivate func text(with associations: [SecurityAssociation]) -> String {
    let steps = templates.map { template in
      let ends =
        template.mode == "tunnel"
        ? " \(template.source.text) > \(template.destination.text)" : ""
      let isThere = associations.contains { template.isMet(by: $0) }
      return "\(template.transformation) \(template.mode)\(ends)" + (isThere ? "" : ", no state")
    }
    let action = isBlocking ? ["block"] : steps.isEmpty ? ["allow in the clear"] : steps
    return ([selector.text] + action).joined(separator: ", ")
  }
}

extension SecurityPolicy.Template {
  /// Whether a state is one of its: of transport mode the packet's own ends would have to fit as well.
  fileprivate func isMet(by association: SecurityAssociation) -> Bool {
    association.transformation == transformation && association.mode == mode
      && (request == 0 || association.request == request)
      && (mode != "tunnel"
        || association.source == source && association.destination == destination)
  }
}

extension SecurityAssociation {
  /// "esp tunnel, spi 0x100, 0 too old, 3 replayed, 0 falsified".
  fileprivate var text: String {
    "\(transformation) \(mode), spi 0x\(String(parameterIndex, radix: 16)), "
      + "\(failures.replayWindow) too old, \(failures.replay) replayed, "
      + "\(failures.integrity) falsified"
  }
}
