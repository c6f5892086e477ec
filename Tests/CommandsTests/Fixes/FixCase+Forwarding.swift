import DropLab

extension FixCase {
  /// What a router refuses to forward, and what has no route.
  static let forwarding: [FixCase] = [
    FixCase("IP_INADDRERRORS", "ip_forward=1") { lab in
      let (_, b, _) = try lab.router()
      try b.set("ipv4/ip_forward", 0)
      return try injecting(lab, UDPDatagram(to: .far).frame)
    },
    FixCase("IP_INADDRERRORS", "ip addr add") { lab in
      _ = try lab.pair()
      return try injecting(lab, UDPDatagram(to: .far).frame)
    },
    FixCase("IP_INADDRERRORS", "ipv6.conf.all.forwarding=1") { lab in
      let (_, b, _) = try lab.router(ipv6: true)
      try b.set("ipv6/conf/all/forwarding", 0)
      return try injecting(lab, UDPDatagram(from: .a6, to: .far6).frame)
    },
    FixCase("IP_INNOROUTES", "ip route add") { lab in
      let (_, b) = try lab.pair()
      try b.set("ipv4/ip_forward", 1)
      try b.ip("link add vo type veth peer name vp", "link set vo up", "link set vp up")
      try b.addGateway("vo")
      return try injecting(lab, UDPDatagram(to: .far).frame)
    },
    FixCase("IP_OUTNOROUTES", "ip route add default", in: .a) { lab in
      let (a, b) = try lab.pair()
      let listener = try LabSocket(lab, b, .tcp).bind(.b, 8_080)
      try listener.listen()
      let client = try LabSocket(lab, a, .tcp)
      try client.connect(.b, 8_080)
      _ = try listener.accept(lab)
      try a.addGateway("va")
      try a.ip("route flush 10.77.0.0/24")
      return { for _ in 0..<5 { client.send([1, 2, 3]) } }
    },
  ]
}

extension LabNamespace {
  /// Makes 192.0.2.1, the gateway that examples name, a neighbour on a device.
  fileprivate func addGateway(_ device: String) throws {
    try ip(
      "addr add 192.0.2.2/24 dev \(device)",
      "neigh replace 192.0.2.1 lladdr \(MACAddress.b) dev \(device) nud permanent")
  }
}
