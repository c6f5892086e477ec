internal import Bytes
internal import Diagnosis
internal import DropModel
internal import Packets

extension Remedy {
  /// Checks and fixes as they are written.
  init(withoutHost finding: Finding) {
    self.init()
    checks = finding.entry?.checks ?? []
    fixes = finding.entry?.fixes ?? []
  }

  /// Live values of the machine, and checks and fixes with its names and values filled in.
  init(_ finding: Finding, on host: HostWindow) {
    self.init(withoutHost: finding)
    let namespace = finding.namespace?.inode
    evidence = (finding.entry?.evidence ?? []).flatMap {
      Evidence.read($0, of: finding, on: host)
    }
    let values = evidence.reduce(into: finding.placeholders) { values, evidence in
      values.merge(evidence.placeholders) { $1 }
    }
    let sysctl = { (name: String) in host.sysctl(name, in: namespace) }
    func fill(_ text: String) -> String {
      CommandTemplate(text).filled(values, sysctl: sysctl)
    }
    func command(_ template: String) -> String {
      let command = fill(template)
      return host.prefix(of: namespace, before: command) + command
    }
    checks = checks.map { check in
      Entry.Check(command: command(check.command), shows: fill(check.shows))
    }
    fixes = fixes.map { fix in
      Entry.Fix(
        action: fill(fix.action), command: fix.command.map(command), undo: fix.undo.map(command),
        risk: fill(fix.risk))
    }
  }
}

extension Finding {
  /// Names for commands, of what most drops had.
  var placeholders: [Placeholder: String] {
    var values: [Placeholder: String] = [:]
    values[.device] = devices.first?.name
    values[.netns] = namespace?.name
    if let qdisc = kinds.lazy.compactMap(\.drop.qdisc).first {
      values[.qdisc] = qdisc.kind
      values[.handle] = qdisc.handleText
    }
    if let flow = profile.mainFlow?.flow {
      values[.source] = flow.source.text
      values[.destination] = flow.destination.text
      if flow.sourcePort > 0 { values[.sport] = String(flow.sourcePort) }
      if flow.destinationPort > 0 { values[.dport] = String(flow.destinationPort) }
    }
    values[.vni] = profile.mainNetwork.map { String($0) }
    if let owner = profile.mainOwner {
      values[.process] = owner.command
      values[.pid] = owner.pid.map { String($0) }
      values[.unit] = owner.unit
    }
    return values
  }
}
