internal import Diagnosis
internal import DropModel
internal import HostState
internal import Netlink

extension Evidence {
  /// The bridges that drops were on, with the ports that they were on.
  static func bridges(
    of finding: Finding, _ state: StateReader, on host: HostWindow
  ) throws(NetlinkError) -> [Evidence] {
    let settings = try state.settings()
    let indexes = finding.devices.map(\.index)
    let devices = indexes.compactMap { index in settings.first { $0.device == index } }
    var (ports, bridges): ([Evidence], [DeviceSettings]) = ([], [])
    for device in devices.prefix(3) {
      let bridge = device.bridge == nil ? settings.first { $0.device == device.master } : device
      guard let bridge, bridge.bridge != nil else { continue }
      if let port = device.port {
        ports.append(Evidence(name: "port \(device.name) of \(bridge.name)", value: port.text))
      }
      if !bridges.contains(bridge) { bridges.append(bridge) }
    }
    return ports
      + bridges.flatMap { bridge in
        let members = settings.filter { $0.master == bridge.device }
        return [
          Evidence(name: "bridge \(bridge.name)", value: bridge.text(with: members))
        ]
      } + (bridges.isEmpty ? [] : filtering(of: finding, on: host))
  }

  /// Whether iptables sees what bridges forward; nothing where br_netfilter is not there.
  private static func filtering(of finding: Finding, on host: HostWindow) -> [Evidence] {
    let name = "net.bridge.bridge-nf-call-iptables"
    return host.sysctl(name, in: finding.namespace?.inode).map {
      [Evidence(name: name, value: $0)]
    } ?? []
  }
}

extension BridgePort {
  /// "listening", "forwarding, isolated, no learning": its state, and what is not as it is at first.
  fileprivate var text: String {
    let off = Self.usual.subtracting(flags).sorted().map { "no \($0)" }
    return ([state] + flags.filter { !Self.usual.contains($0) }.sorted() + off)
      .joined(separator: ", ")
  }

  /// What is on at a new port: new_nbp in net/bridge/br_if.c.
  private static let usual: Set<String> = ["learning", "flood", "mcast_flood", "bcast_flood"]
}

extension DeviceSettings {
  /// "2 ports (1 listening), spanning tree, vlan_filtering 0".
  fileprivate func text(with ports: [DeviceSettings]) -> String {
    let idle = Dictionary(grouping: ports.compactMap(\.port?.state), by: \.self)
      .filter { $0.key != "forwarding" }.sorted { $0.key < $1.key }
      .map { "\($0.value.count) \($0.key)" }
    let words = [
      "\(ports.count) \(ports.count == 1 ? "port" : "ports")"
        + (idle.isEmpty ? "" : " (\(idle.joined(separator: ", ")))"),
      bridge?.hasSpanningTree == true ? "spanning tree" : "no spanning tree",
      "vlan_filtering \(bridge?.filtersVLANs == true ? 1 : 0)",
      bridge?.callsIPTables == true ? "calls iptables" : nil,
    ]
    return words.compactMap(\.self).joined(separator: ", ")
  }
}
