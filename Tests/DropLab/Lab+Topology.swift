/// Topologies: `pair`, `router` and `tap`, all with fixed addresses and permanent neighbours.
extension Lab {
  /// Joins a (`va`, 10.77.0.1, fd77::1) and b (`vb`, 10.77.0.2, fd77::2) by a veth pair.
  ///
  /// `resolved: false` leaves out the permanent neighbours, for cases about ARP.
  package func pair(
    ipv6: Bool = false, resolved: Bool = true
  ) throws -> (a: LabNamespace, b: LabNamespace) {
    let a = try makeNamespace(.a)
    let b = try makeNamespace(.b)
    try a.ip(
      "link add va address \(MACAddress.a) type veth peer name vb address \(MACAddress.b)"
        + " netns \(b.name)")
    try configure(a, "va", "10.77.0.1/24", ipv6 ? "fd77::1/64" : nil)
    try configure(b, "vb", "10.77.0.2/24", ipv6 ? "fd77::2/64" : nil)
    for (namespace, device) in [(a, "va"), (b, "vb")] { try settle(namespace, device) }
    if resolved {
      try neighbour(a, "va", "10.77.0.2", ipv6 ? "fd77::2" : nil, .b)
      try neighbour(b, "vb", "10.77.0.1", ipv6 ? "fd77::1" : nil, .a)
    }
    return (a, b)
  }

  /// A pair whose b routes on to c (`vc` 10.78.0.1 – `vd` 10.78.0.2), where `IPAddress.far` is.
  package func router(
    ipv6: Bool = false, outgoingMTU: Int = 1500
  ) throws -> (a: LabNamespace, b: LabNamespace, c: LabNamespace) {
    let (a, b) = try pair(ipv6: ipv6)
    let c = try makeNamespace(.c)
    try b.ip(
      "link add vc mtu \(outgoingMTU) type veth peer name vd mtu \(outgoingMTU)"
        + " address \(MACAddress.d) netns \(c.name)")
    try configure(b, "vc", "10.78.0.1/24", ipv6 ? "fd78::1/64" : nil)
    try configure(c, "vd", "10.78.0.2/24", ipv6 ? "fd78::2/64" : nil)
    for (namespace, device) in [(b, "vc"), (c, "vd")] { try settle(namespace, device) }
    try neighbour(b, "vc", "10.78.0.2", ipv6 ? "fd78::2" : nil, .d)
    try b.set("ipv4/ip_forward", 1)
    try b.ip("route add 198.51.100.0/24 via 10.78.0.2")
    try c.ip("route add default via 10.78.0.1")
    if ipv6 {
      try b.set("ipv6/conf/all/forwarding", 1)
      try b.ip("route add 2001:db8:9::/64 via fd78::2")
    }
    return (a, b, c)
  }

  /// Namespace b alone, with `tap0` (10.77.0.2, fd77::2) whose far end, a's addresses, we play.
  package func tap(ipv6: Bool = false) throws -> (b: LabNamespace, device: TapDevice) {
    let b = try makeNamespace(.b)
    let device = try TapDevice("tap0", in: b)
    atEnd { device.close() }
    try b.ip("link set tap0 address \(MACAddress.b)")
    try configure(b, "tap0", "10.77.0.2/24", ipv6 ? "fd77::2/64" : nil)
    try neighbour(b, "tap0", "10.77.0.1", ipv6 ? "fd77::1" : nil, .a)
    try settle(b, "tap0")
    return (b, device)
  }

  private func configure(
    _ namespace: LabNamespace, _ device: String, _ address: String, _ address6: String?
  ) throws {
    guard let address6 else {
      return try namespace.ip("addr add \(address) dev \(device)", "link set \(device) up")
    }
    // Multicast listener reports cannot be switched off, but version 1 sends the first at once,
    // in the set-up, and the second within an interval that can be made endless.
    for (name, value) in [
      ("accept_ra", 0), ("accept_dad", 0), ("router_solicitations", 0),
      ("force_mld_version", 1), ("mldv1_unsolicited_report_interval", 100_000_000),
      ("disable_ipv6", 0),
    ] {
      try namespace.set("ipv6/conf/\(device)/\(name)", value)
    }
    try namespace.ip(
      "link set \(device) addrgenmode none",
      "addr add \(address) dev \(device)",
      "addr add \(address6) dev \(device) nodad",
      "link set \(device) up")
  }

  /// Waits until the kernel has acted on a device's new carrier, which it does in the background.
  ///
  /// Until then the device has no queue and drops what is sent, and afterwards IPv6 sends listener
  /// reports, which are drops at the other end. Asking for one link by name runs that work in the
  /// asking process (rtnl_getlink, Linux 6.9 and later); older kernels need the waiting.
  private func settle(_ namespace: LabNamespace, _ device: String) throws {
    for _ in 0..<100 {
      let link = try Command.run(["ip", "-n", namespace.name, "link", "show", "dev", device])
      if link.contains("state UP") || link.contains("state UNKNOWN") { return }
      pause(milliseconds: 5)
    }
    throw LabError("\(device) in \(namespace.name) does not come up")
  }

  private func neighbour(
    _ namespace: LabNamespace, _ device: String, _ address: String, _ address6: String?,
    _ mac: MACAddress
  ) throws {
    let lines = [address, address6].compactMap(\.self).map {
      "neigh replace \($0) lladdr \(mac) dev \(device) nud permanent"
    }
    try namespace.ip(lines)
  }
}
