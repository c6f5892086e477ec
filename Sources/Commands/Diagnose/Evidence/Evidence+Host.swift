internal import Bytes
internal import Diagnosis
internal import DropModel
internal import HostCounters

extension Evidence {
  /// Reads a live value of the machine that tells a finding's causes apart; several where there are
  /// several such things, none where the finding does not lead to one or nobody reads it yet.
  static func read(
    _ name: EvidenceName, of finding: Finding, on host: HostWindow
  ) -> [Evidence] {
    let namespace = finding.namespace?.inode
    switch name {
    case .sysctl(let template):
      let device = finding.devices.first?.name
      let name = template.replacing("{device}", with: device ?? "{device}")
      guard CommandTemplate.isComplete(name) else { return [] }
      let value = host.sysctl(name, in: namespace)
      return [
        Evidence(
          name: name, value: value ?? "not there in this kernel or namespace",
          isKnown: value != nil)
      ]
    case .subject(.socket): return sockets(of: finding, on: host, listening: false)
    case .subject(.listener): return sockets(of: finding, on: host, listening: true)
    case .subject(.device): return devices(of: finding, on: host)
    case .subject(.qdisc): return qdiscs(of: finding, on: host)
    case .subject(.conntrack): return conntrack(of: finding, on: host)
    case .subject(.softnet): return softnet(on: host)
    case .subject(let subject):
      guard let namespace, let state = host.state(of: namespace) else { return [] }
      do {
        switch subject {
        case .neighbour: return try neighbours(of: finding, state, on: host)
        case .route: return try routes(of: finding, state, on: host)
        case .addresses: return try addresses(of: finding, state)
        case .bridge: return try bridges(of: finding, state, on: host)
        case .xfrm: return try transformations(of: finding, state)
        case .memory: return try memory(of: finding, state, on: host)
        default: return []
        }
      } catch {
        return [Evidence(name: subject.rawValue, value: "\(error)", isKnown: false)]
      }
    }
  }
}
