package import DropModel

/// Which drops are asked for, by names: for a recording, whose numbers mean nothing here.
///
/// The same criteria as ``DropFilter``, with the same meaning. What only packets can tell (an
/// expression, the socket's owner) can be asked only of the packets that were kept.
package struct NameFilter: Sendable {
  /// What the packet's bytes must match; nil for anything.
  package let expression: PacketFilter?
  private let request: FilterRequest

  /// `drops` are all there are: a name that none of them has is an error, which tells those near it.
  package init(_ request: FilterRequest, among drops: [Drop]) throws(FilterError) {
    self.request = request
    expression = try PacketFilter(request.expression)
    let reasons = request.reasons + request.unwantedReasons
    try Self.check(reasons, "drop reason", drops, { $0.reason?.label }, Self.has(reason:in:))
    try Self.check(request.sites, "function", drops, { $0.site?.symbol }, Self.has(site:in:))
    try Self.check(request.devices, "device", drops, { $0.device?.label }, Self.has(device:in:))
    try Self.check(
      request.namespaces, "network namespace", drops, { $0.namespace?.label },
      Self.has(namespace:in:))
  }

  /// Whether everything is asked for.
  package var isEmpty: Bool { request == FilterRequest() }

  /// As the user wrote it.
  package var text: String { request.text }

  /// Whether only packets can tell.
  package var needsPackets: Bool { expression != nil || needsOwner }

  /// Whether a packet's owner must be known.
  package var needsOwner: Bool {
    !(request.controlGroups.isEmpty && request.containers.isEmpty && request.users.isEmpty)
  }

  /// Whether a kind of drop is asked for, as far as that does not depend on its packets.
  package func accepts(_ drop: Drop) -> Bool {
    func any(_ names: [String], _ has: (String, Drop) -> Bool) -> Bool {
      names.isEmpty || names.contains { has($0, drop) }
    }
    return any(request.reasons, Self.has(reason:in:))
      && !request.unwantedReasons.contains { Self.has(reason: $0, in: drop) }
      && any(request.sites, Self.has(site:in:)) && any(request.devices, Self.has(device:in:))
      && any(request.namespaces, Self.has(namespace:in:))
  }

  /// Whether an owner is; nil is nobody.
  package func accepts(_ owner: Owner?) -> Bool {
    guard needsOwner else { return true }
    guard let owner else { return false }
    func any(_ names: [String], _ isIt: (String) -> Bool) -> Bool {
      names.isEmpty || names.contains(where: isIt)
    }
    return any(request.users) { $0 == "\(owner.uid)" || $0 == owner.user }
      && any(request.controlGroups) { name in
        let path = "/" + name.split(separator: "/").joined(separator: "/")
        return owner.cgroup == path || path == "/" || owner.cgroup?.hasPrefix(path + "/") ?? false
      }
      && any(request.containers) { owner.container?.id.hasPrefix($0) ?? false }
  }

  private static func check(
    _ names: [String], _ kind: String, _ drops: [Drop], _ label: (Drop) -> String?,
    _ has: (String, Drop) -> Bool
  ) throws(FilterError) {
    for name in names where !drops.contains(where: { has(name, $0) }) {
      let known = Set(drops.compactMap(label)).sorted()
      throw .unknown(
        kind, name, near: nearNames(to: name, among: known), place: " in the recording")
    }
  }

  private static func has(reason name: String, in drop: Drop) -> Bool {
    guard let reason = drop.reason else { return false }
    var wanted = name.uppercased()
    let prefix = "SKB_DROP_REASON_"
    if wanted.hasPrefix(prefix) { wanted.removeFirst(prefix.count) }
    return wanted == reason.name.uppercased()
      || wanted == "\(reason.subsystem)/\(reason.name)".uppercased()
  }

  /// A function with the parts that the compiler split off, a place in it, or an address.
  private static func has(site name: String, in drop: Drop) -> Bool {
    guard let site = drop.site, site.trap == nil else { return false }
    if name == "0x" + String(site.address, radix: 16) { return true }
    guard let symbol = site.symbol else { return false }
    return name == symbol || symbol.hasPrefix(name + ".")
      || name == "\(symbol)+0x" + String(site.offset, radix: 16)
  }

  private static func has(device name: String, in drop: Drop) -> Bool {
    guard let device = drop.device else { return false }
    return name == device.name || name == "\(device.index)"
  }

  private static func has(namespace name: String, in drop: Drop) -> Bool {
    guard let namespace = drop.namespace else { return false }
    let last = name.split(separator: "/").last.map(String.init)
    return last == namespace.name || name == "\(namespace.inode)"
  }
}
