/// A key with everything named that could be named; or a group of keys, in which what they differ
/// in is nil.
package struct Drop: Hashable, Sendable {
  package var reason: DropReason?
  package var site: DropSite?
  /// nil where the kernel does not tell (docs/limitations.md).
  package var namespace: NetworkNamespace?
  /// nil where the kernel does not tell.
  package var device: Device?
  /// What carries the packet: "ipv4", "arp", "unix", "0x88b5"; nil if unknown.
  package var networkProtocol: String?
  /// What IP carries: "udp", "tcp", "253"; nil if it is not IP or the header is not there.
  package var transport: String?
  /// The queueing discipline that dropped it; nil if none did, or the kernel did not tell.
  package var qdisc: Qdisc?

  package init(
    reason: DropReason? = nil, site: DropSite? = nil, namespace: NetworkNamespace? = nil,
    device: Device? = nil, networkProtocol: String? = nil, transport: String? = nil,
    qdisc: Qdisc? = nil
  ) {
    self.reason = reason
    self.site = site
    self.namespace = namespace
    self.device = device
    self.networkProtocol = networkProtocol
    self.transport = transport
    self.qdisc = qdisc
  }

  /// What remains when only some properties matter.
  ///
  /// A device stays with its namespace, outside of which its index and name mean nothing; a
  /// queueing discipline says more exactly where, and stays only beside site and device.
  package func keeping(_ dimensions: Set<Dimension>) -> Drop {
    let keepsProtocol = dimensions.contains(.protocol)
    return Drop(
      reason: dimensions.contains(.reason) ? reason : nil,
      site: dimensions.contains(.site) ? site : nil,
      namespace: dimensions.isDisjoint(with: [.netns, .device]) ? nil : namespace,
      device: dimensions.contains(.device) ? device : nil,
      networkProtocol: keepsProtocol ? networkProtocol : nil,
      transport: keepsProtocol ? transport : nil,
      qdisc: dimensions.isSuperset(of: [.site, .device]) ? qdisc : nil)
  }

  /// What fits a column: the site, its source line and the queueing discipline if one dropped.
  ///
  /// "__dev_queue_xmit+0x9e dev.c:4270 tbf 8001:"; empty if nothing is known.
  package var siteLabel: String {
    [site?.label, site?.source?.label, qdisc?.label].compactMap(\.self).joined(separator: " ")
  }

  /// What fits a column: "veth0@red", "@red" where the device is not known; nil if nothing is.
  package var placeLabel: String? {
    switch (device, namespace) {
    case (let device?, let namespace?): "\(device.label)@\(namespace.label)"
    case (let device?, nil): device.label
    case (nil, let namespace?): "@\(namespace.label)"
    case (nil, nil): nil
    }
  }

  /// What fits a column: "udp" in IPv4, "udp6" in IPv6, else whichever is known.
  ///
  /// Empty if nothing is.
  package var protocolLabel: String {
    switch (networkProtocol, transport) {
    case ("ipv4", let transport?): transport
    case ("ipv6", let transport?): transport.hasSuffix("6") ? transport : transport + "6"
    case (let network?, let transport?): "\(network)/\(transport)"
    case (let network?, nil): network
    case (nil, let transport?): transport
    case (nil, nil): ""
    }
  }
}

/// Why a packet was dropped, in the kernel's own words.
package struct DropReason: Hashable, Sendable {
  /// "core", "mac80211_unusable", "openvswitch", "qdisc", …: who defines the reason.
  package var subsystem: String
  /// The kernel's name without `SKB_DROP_REASON_`; the number if it has no name here.
  package var name: String
  /// The devlink trap group ("l3_drops") where the subsystem is "hardware"; else nil.
  package var group: String?

  package init(subsystem: String, name: String, group: String? = nil) {
    self.subsystem = subsystem
    self.name = name
    self.group = group
  }
}

extension DropReason {
  /// The name, with its subsystem where that is not the kernel's core: "qdisc/OVERLIMIT".
  package var label: String { subsystem == "core" ? name : "\(subsystem)/\(name)" }
}

/// Where in the kernel a packet was dropped.
package struct DropSite: Hashable, Sendable {
  package var address: UInt64
  /// The function; nil where symbols cannot be read.
  package var symbol: String?
  /// Bytes from the function's start.
  package var offset: UInt64
  /// The function's size in bytes; 0 if unknown.
  package var size: UInt64
  /// The module, "bpf" for a JIT-ed program; nil for the kernel itself.
  package var module: String?
  /// The devlink trap that the hardware reported; there is no address then.
  package var trap: DropReason?
  /// Where in the source it is; nil unless it was asked for and is known.
  package var source: SourceLine?
  /// The functions that the compiler merged into one there, innermost first, each with its line;
  /// empty unless debug information tells.
  package var frames: [SourceLine] = []

  package init(
    address: UInt64, symbol: String? = nil, offset: UInt64 = 0, size: UInt64 = 0,
    module: String? = nil, trap: DropReason? = nil
  ) {
    self.trap = trap
    self.address = address
    self.symbol = symbol
    self.offset = offset
    self.size = size
    self.module = module
  }

  /// The file within the kernel's tree, "net/ipv4/udp.c"; nil if it is not known.
  package var file: String? { source?.file }
  /// nil if it is not known.
  package var line: Int? { source?.line }

  /// "tcp_v4_rcv", "nft_do_chain [nf_tables]", or the address: a frame of a stack.
  package var frameLabel: String {
    guard let symbol else { return label }
    return module.map { "\(symbol) [\($0)]" } ?? symbol
  }

  /// "tcp_v4_rcv+0x9e", "nft_do_chain+0x45 [nf_tables]", or the address; "trap blackhole_route".
  package var label: String {
    if let trap { return "trap \(trap.name)" }
    guard let symbol else { return "0x" + String(address, radix: 16) }
    let place = "\(symbol)+0x\(String(offset, radix: 16))"
    return module.map { "\(place) [\($0)]" } ?? place
  }
}

/// A network device in its namespace.
package struct Device: Hashable, Sendable {
  package var index: UInt32
  /// nil if nobody could tell.
  package var name: String?

  package init(index: UInt32, name: String?) {
    self.index = index
    self.name = name
  }

  /// The name, or "if7".
  package var label: String { name ?? "if\(index)" }
}

/// A network namespace.
package struct NetworkNamespace: Hashable, Sendable {
  package var inode: UInt32
  /// As in /run/netns, "init" for that of process 1, or "nginx[812]" after a process in it.
  package var name: String?

  package init(inode: UInt32, name: String?) {
    self.inode = inode
    self.name = name
  }

  /// The name, or the inode.
  package var label: String { name ?? String(inode) }
}

/// What drops can be told apart by.
package enum Dimension: String, CaseIterable, Sendable {
  case reason, site, device, netns, `protocol`
}
