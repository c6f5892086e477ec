internal import Bytes
internal import Diagnosis
internal import DropModel
internal import HostCounters

extension Evidence {
  /// The devices that most drops were on.
  static func devices(of finding: Finding, on host: HostWindow) -> [Evidence] {
    let first = finding.devices.first
    return links(of: finding, on: host).map { link in
      var evidence = link.evidence
      // Commands are about the device that most drops were on.
      if link.name == first?.name, link.index == first?.index {
        evidence.placeholders[.mtu] = String(link.mtu)
      }
      return evidence
    }
  }

  /// The queues of these devices.
  static func qdiscs(of finding: Finding, on host: HostWindow) -> [Evidence] {
    guard let namespace = finding.namespace?.inode else { return [] }
    return links(of: finding, on: host).flatMap { link in
      host.qdiscs(of: link, in: namespace).map { $0.evidence(on: link) }
    }
  }

  private static func links(of finding: Finding, on host: HostWindow) -> [Link] {
    var links: [Link] = []
    for kind in finding.kinds {
      guard let link = host.device(of: kind.drop), !links.contains(link) else { continue }
      links.append(link)
      if links.count == 3 { break }
    }
    return links
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
