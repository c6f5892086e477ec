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
    case .subject(.device): return devices(of: finding, on: host).map { $0.evidence }
    case .subject(.qdisc):
      guard let namespace else { return [] }
      return devices(of: finding, on: host).flatMap { link in
        host.qdiscs(of: link, in: namespace).map { $0.evidence(on: link) }
      }
    case .subject(.conntrack):
      guard let namespace, let count = host.gauge("conntrack.count", in: namespace),
        let limit = host.gauge("conntrack.max", in: namespace)
      else { return [] }
      return [
        Evidence(
          name: "conntrack",
          value: "\(grouped(UInt64(max(0, count)))) of \(grouped(UInt64(max(0, limit)))) entries")
      ]
    case .subject: return []
    }
  }

  private static func devices(of finding: Finding, on host: HostWindow) -> [Link] {
    var links: [Link] = []
    for kind in finding.kinds {
      guard let link = host.device(of: kind.drop), !links.contains(link) else { continue }
      links.append(link)
      if links.count == 3 { break }
    }
    return links
  }

  /// The sockets on the port that most packets went to: those that listen, or those that may have been
  /// meant.
  private static func sockets(
    of finding: Finding, on host: HostWindow, listening: Bool
  ) -> [Evidence] {
    let name = listening ? "listener" : "socket"
    guard let namespace = finding.namespace?.inode, let flow = finding.profile.mainFlow?.flow,
      flow.destinationPort > 0
    else { return [] }
    do {
      let sockets = try host.sockets(port: flow.destinationPort, in: namespace)
        .filter { !listening || $0.state == "LISTEN" || $0.state == "UNCONN" }
      guard !sockets.isEmpty else {
        return listening
          ? [Evidence(name: name, value: "none on port \(flow.destinationPort) of this namespace")]
          : []
      }
      return sockets.prefix(3).map { Evidence(name: name, value: $0.text) }
    } catch {
      return [Evidence(name: name, value: "\(error)", isKnown: false)]
    }
  }
}

extension SocketMemory {
  /// "udp 10.0.0.2:53 UNCONN: 4,608 of 4,608 bytes received and not read, 495 drops".
  fileprivate var text: String {
    if state == "LISTEN" {
      return "\(label) LISTEN: \(receiveQueue) of \(sendQueue) connections wait to be accepted"
    }
    guard let memory else { return "\(label) \(state)" }
    return "\(label) \(state): \(grouped(UInt64(memory.received))) of "
      + "\(grouped(UInt64(memory.receiveLimit))) bytes received and not read, "
      + "\(grouped(UInt64(memory.drops))) drops"
  }
}

extension Link {
  /// "veth, UP, MTU 1500".
  fileprivate var evidence: Evidence {
    let carrier = isUp && !hasCarrier ? ", no carrier" : ""
    return Evidence(
      name: "device \(name)",
      value: "\(kind), \(isUp ? "switched on" : "switched off"), \(operationalState)\(carrier), "
        + "MTU \(mtu)")
  }
}

extension DeviceQdisc {
  /// "tbf 1: holds 0 of 4,096 bytes, 20 drops".
  fileprivate func evidence(on link: Link) -> Evidence {
    let waiting =
      switch limit {
      case .packets(let most):
        "\(grouped(UInt64(statistics.queueLength))) of \(grouped(UInt64(most))) packets wait"
      case .bytes(let most):
        "\(grouped(UInt64(statistics.backlog))) of \(grouped(UInt64(most))) bytes wait"
      case nil: "\(grouped(UInt64(statistics.queueLength))) packets wait"
      }
    return Evidence(
      name: "qdisc of \(link.name)",
      value: "\(qdisc.label): \(waiting), \(grouped(UInt64(statistics.drops))) drops")
  }
}
