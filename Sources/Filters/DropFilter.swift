/// Which drops are asked for, in the kernel's numbers and names; what is not counts as filtered.
///
/// Different criteria must all hold; of one criterion any value will do, and none means that it does
/// not matter. What a drop does not have (a site in hardware, an owner without a socket) matches
/// nothing that asks for it.
package struct DropFilter: Equatable, Sendable {
  /// What the packet's bytes must match; nil for anything.
  package var expression: PacketFilter?
  package var reasons: Set<Reason> = []
  /// Any reason but these.
  package var unwantedReasons: Set<Reason> = []
  /// Addresses in the functions where packets are dropped.
  package var sites: [Range<UInt64>] = []
  /// Names, in whichever namespace, also of devices that come later.
  package var devices: Set<String> = []
  package var interfaces: Set<UInt32> = []
  /// Inodes of network namespaces.
  package var namespaces: Set<UInt32> = []
  /// Users who made the socket.
  package var users: Set<UInt32> = []
  /// Inodes of control groups that the socket was made in, or below.
  package var controlGroups: Set<UInt64> = []
  /// As the user wrote it: `udp port 53; reason=NO_SOCKET; device=eth0`.
  package var text = ""

  /// A reason, or a trap of network hardware.
  package enum Reason: Hashable, Sendable {
    /// The kernel's number, and what NET_DM calls it.
    case number(UInt32, spelling: String)
    case trap(String)

    /// Whether it is the kernel's reason of this number.
    package func isNumbered(_ number: UInt32) -> Bool {
      if case .number(number, _) = self { true } else { false }
    }

    /// Whether it is the reason that the kernel spells so.
    package func isSpelled(_ spelling: String) -> Bool {
      if case .number(_, spelling) = self { true } else { false }
    }
  }

  /// How many ranges of sites there can be: DROP_FILTER_SITES of drop_records.h.
  package static let mostSites = 32

  package init() {}

  /// Whether everything is asked for.
  package var isEmpty: Bool { criteria.isEmpty }
}

extension DropFilter {
  /// What drops are told apart by.
  package enum Criterion: CaseIterable, Sendable {
    case expression, reason, site, device, netns, uid, cgroup

    /// What a message calls it.
    package var label: String {
      switch self {
      case .expression: "an expression"
      case .reason: "reason"
      case .site: "site"
      case .device: "device"
      case .netns: "network namespace"
      case .uid: "user"
      case .cgroup: "control group or container"
      }
    }
  }

  /// What matters.
  package var criteria: Set<Criterion> {
    var criteria: Set<Criterion> = []
    if expression != nil { criteria.insert(.expression) }
    if !reasons.isEmpty || !unwantedReasons.isEmpty { criteria.insert(.reason) }
    if !sites.isEmpty { criteria.insert(.site) }
    if !devices.isEmpty || !interfaces.isEmpty { criteria.insert(.device) }
    if !namespaces.isEmpty { criteria.insert(.netns) }
    if !users.isEmpty { criteria.insert(.uid) }
    if !controlGroups.isEmpty { criteria.insert(.cgroup) }
    return criteria
  }

  /// Whether a reason is asked for, whatever else matters; `isIt` tells it among those named.
  package func accepts(reason isIt: (Reason) -> Bool) -> Bool {
    (reasons.isEmpty || reasons.contains(where: isIt)) && !unwantedReasons.contains(where: isIt)
  }

  /// Whether a site is; 0 for none.
  package func accepts(site: UInt64) -> Bool {
    sites.isEmpty || sites.contains { $0.contains(site) }
  }

  /// Whether a device is; its name may not be known.
  package func accepts(device name: String?, index: UInt32) -> Bool {
    guard !devices.isEmpty || !interfaces.isEmpty else { return true }
    return interfaces.contains(index) || name.map(devices.contains) ?? false
  }
}
