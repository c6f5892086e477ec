extension Provocation {
  /// What a router, or a host that should not be one, refuses to forward.
  static let forwarding: [Provocation] = [
    Provocation(
      "not-forwarding", "a packet for somebody else where ip_forward=0",
      Expectation("IP_INADDRERRORS", 10, at: ["ip_error"])
    ) { try $0.inject(UDPDatagram(to: .far).frame, count: 10) },
    Provocation(
      "no-route", "a router without a route to the destination",
      Expectation("IP_INNOROUTES", 10, at: ["ip_error"])
    ) { lab in
      let (a, b) = try lab.pair()
      try b.set("ipv4/ip_forward", 1)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram(to: .far).frame, count: 10)
    },
    Provocation(
      "blackhole-route", "a router whose route is a blackhole",
      Expectation("NOT_SPECIFIED", 9, at: ["ip_error"])
    ) { lab in
      let (a, b) = try lab.pair()
      try b.set("ipv4/ip_forward", 1)
      try b.ip("route add blackhole 198.51.100.0/24")
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram(to: .far).frame, count: 9)
    },
    Provocation(
      "ttl-expired", "a time to live of 1 at a router",
      Expectation("IP_INHDR", 10, at: ["ip_forward"])
    ) { lab in
      let packet = IPv4Packet(17, UDPDatagram(to: .far).bytes, to: .far) { $0.timeToLive = 1 }
      try lab.forward(EthernetFrame(packet.bytes).bytes, count: 10)
    },
    Provocation(
      "too-big", "a don't-fragment packet of 1400 bytes before a link with MTU 1300",
      Expectation("PKT_TOO_BIG", 8, at: ["ip_forward"])
    ) { lab in
      let datagram = UDPDatagram([UInt8](repeating: 0, count: 1372), to: .far)
      let packet = IPv4Packet(17, datagram.bytes, to: .far) { $0.dontFragment = true }
      try lab.forward(EthernetFrame(packet.bytes).bytes, count: 8, outgoingMTU: 1300)
    },
    Provocation(
      "ip6-hop-limit", "a hop limit of 1 at an IPv6 router",
      Expectation("IP_INHDR", 6, at: ["ip6_forward"], "ipv6")
    ) { lab in
      let datagram = UDPDatagram(from: .a6, to: .far6)
      let packet = IPv6Packet(17, datagram.bytes, to: .far6) { $0.hopLimit = 1 }
      try lab.forward(EthernetFrame(packet.bytes).bytes, count: 6, ipv6: true)
    },
    Provocation(
      "ip6-too-big", "an IPv6 packet of 1440 bytes before a link with MTU 1300",
      // ip6_forward has already turned the packet to its way out.
      Expectation("PKT_TOO_BIG", 6, at: ["ip6_forward"], on: "vc", "ipv6")
    ) { lab in
      let datagram = UDPDatagram([UInt8](repeating: 0, count: 1392), from: .a6, to: .far6)
      try lab.forward(datagram.frame, count: 6, ipv6: true, outgoingMTU: 1300)
    },
    Provocation(
      "ip6-no-route", "an IPv6 router without a route to the destination",
      Expectation("IP_INNOROUTES", 6, at: ["ip6_pkt_discard"], "ipv6")
    ) { lab in
      let (a, b) = try lab.pair(ipv6: true)
      try b.set("ipv6/conf/all/forwarding", 1)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram(from: .a6, to: .far6).frame, count: 6)
    },
    Provocation(
      "nft-forward", "a forward chain that drops by policy",
      Expectation("NETFILTER_DROP", 11, at: ["nft_do_chain"])
    ) { lab in
      let (a, b, _) = try lab.router()
      try b.nft("table ip lab { chain f { type filter hook forward priority 0; policy drop; }; }")
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram(to: .far).frame, count: 11)
    },
    Provocation(
      "ipsec-policy-forward", "a forwarded packet that an IPsec policy blocks",
      Expectation("XFRM_POLICY", 7, at: ["ip_forward"])
    ) { lab in
      let (a, b, _) = try lab.router()
      try b.ip("xfrm policy add src 10.77.0.1/32 dst 198.51.100.0/24 dir fwd action block")
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram(to: .far).frame, count: 7)
    },
  ]
}

extension Lab {
  /// Makes a router, arms, and lets its `vb` receive copies of one frame.
  fileprivate func forward(
    _ frame: [UInt8], count: Int, ipv6: Bool = false, outgoingMTU: Int = 1500
  ) throws {
    let (a, _, _) = try router(ipv6: ipv6, outgoingMTU: outgoingMTU)
    let sender = try PacketSender(self, a, "va")
    try arm()
    try sender.send(frame, count: count)
  }
}
