internal import Diagnosis
internal import DropModel
internal import HostState
internal import Netlink
internal import Packets

extension Evidence {
  /// The addresses of the device that most drops were on, and whose the ends of the packets are.
  static func addresses(
    of finding: Finding, _ state: StateReader
  ) throws(NetlinkError) -> [Evidence] {
    let all = try state.addresses()
    var evidence: [Evidence] = []
    if let device = finding.devices.first, let name = device.name {
      let own = all.filter { $0.device == device.index }
      let more = own.count > limit ? ", and \(own.count - limit) more" : ""
      evidence.append(
        Evidence(
          name: "addresses of \(name)",
          value: own.isEmpty
            ? "none" : own.prefix(limit).map(\.text).joined(separator: ", ") + more))
    }
    guard let flow = finding.profile.mainFlow?.flow else { return evidence }
    if !flow.destination.isLocalAnywhere {
      evidence.append(
        Evidence(
          name: "destination \(flow.destination.text)",
          value: all.contains { $0.address == flow.destination }
            ? "this namespace's own" : "not an address of this namespace"))
    }
    if !flow.source.isLocalAnywhere, all.contains(where: { $0.address == flow.source }) {
      evidence.append(
        Evidence(name: "source \(flow.source.text)", value: "this namespace's own"))
    }
    return evidence
  }

  /// How many addresses are told.
  private static let limit = 6
}
