import DropLab

extension FixCase {
  /// What a host's IP layer refuses.
  static let ip: [FixCase] = [
    FixCase("IP_RPFILTER", "rp_filter=2") { lab in
      let (_, b) = try lab.pair()
      try b.set("ipv4/conf/all/rp_filter", 1)
      // The way back is another device's, as with two uplinks.
      try b.ip("link add vo type veth peer name vp", "link set vo up")
      try b.ip("route add 192.0.2.0/24 dev vo")
      return try injecting(lab, UDPDatagram(from: "192.0.2.66").frame)
    },
    FixCase("IP_LOCAL_SOURCE", "accept_local=1") { lab in
      _ = try lab.pair()
      return try injecting(lab, UDPDatagram(from: .b).frame)
    },
    FixCase("IP_LOCALNET", "route_localnet=1") { lab in
      _ = try lab.pair()
      return try injecting(lab, UDPDatagram(to: "127.0.0.1").frame)
    },
    FixCase("UNICAST_IN_L2_MULTICAST", "drop_unicast_in_l2_multicast=0") { lab in
      let (_, b) = try lab.pair()
      try b.set("ipv4/conf/vb/drop_unicast_in_l2_multicast", 1)
      let packet = IPv4Packet(17, UDPDatagram().bytes)
      return try injecting(lab, EthernetFrame(packet.bytes, to: .broadcast).bytes)
    },
    FixCase("INVALID_PROTO", "icmp_echo_ignore_broadcasts=0") { lab in
      _ = try lab.pair()
      let packet = IPv4Packet(1, ICMPMessage(8).bytes, to: "10.77.0.255")
      return try injecting(lab, EthernetFrame(packet.bytes, to: .broadcast).bytes)
    },
    FixCase("IPV6DISABLED", "disable_ipv6=0") { lab in
      _ = try lab.pair()
      return try injecting(lab, UDPDatagram(from: .a6, to: .b6).frame)
    },
    FixCase("IPV6_NDISC_FRAG", "suppress_frag_ndisc=0") { lab in
      _ = try lab.pair(ipv6: true)
      let halves = solicitationInFragments
      let senders = try halves.map { try injecting(lab, $0, count: 1) }
      return { for _ in 0..<3 { for send in senders { try send() } } }
    },
    FixCase("IPV6_NDISC_NS_OTHERHOST", "neigh add proxy") { lab in
      let (_, b) = try lab.pair(ipv6: true)
      try b.set("ipv6/conf/all/forwarding", 1)
      try b.set("ipv6/conf/vb/proxy_ndp", 1)
      return try injecting(lab, solicitation(of: "2001:db8::1"))
    },
    FixCase("XFRM_POLICY", "disable_policy=1") { lab in
      let (_, b) = try lab.pair()
      try b.ip("xfrm policy add src 10.77.0.1/32 dst 10.77.0.2/32 dir in action block")
      let reader = try LabSocket(lab, b, .udp).bind(.b, 9_000)
      let send = try injecting(lab, UDPDatagram().frame)
      return {
        try send()
        reader.drain()
      }
    },
    FixCase("XFRM_POLICY", "policy flush") { lab in
      let (_, b) = try lab.pair()
      try b.ip("xfrm policy add src 10.77.0.1/32 dst 10.77.0.2/32 dir in action block")
      let reader = try LabSocket(lab, b, .udp).bind(.b, 9_000)
      let send = try injecting(lab, UDPDatagram().frame)
      return {
        try send()
        reader.drain()
      }
    },
    FixCase("ip_defrag", "ipfrag_high_thresh=") { lab in
      let (a, b) = try lab.pair()
      try b.set("ipv4/ipfrag_low_thresh", 4000)
      try b.set("ipv4/ipfrag_high_thresh", 5000)
      let sender = try PacketSender(lab, a, "va")
      var identification: UInt16 = 0
      return {
        for _ in 0..<8 {
          identification += 1
          let packet = IPv4Packet(17, UDPDatagram([UInt8](repeating: 1, count: 56)).bytes) {
            $0.identification = identification
            $0.moreFragments = true
          }
          try sender.send(EthernetFrame(packet.bytes).bytes)
        }
      }
    },
  ]

  /// A neighbour solicitation from a to b.
  private static func solicitation(of target: IPAddress) -> [UInt8] {
    EthernetFrame(IPv6Packet(58, message(target)) { $0.hopLimit = 255 }.bytes).bytes
  }

  private static func message(_ target: IPAddress) -> [UInt8] {
    let option = [1, 1] + MACAddress.a.bytes
    return ICMPMessage(135, body: [0, 0, 0, 0] + target.bytes + option, from: .a6, to: .b6).bytes
  }

  /// A neighbour solicitation for b in two fragments.
  private static var solicitationInFragments: [[UInt8]] {
    let message = message(.b6)
    return [(0, 24, true), (24, message.count, false)].map { start, end, more in
      let header = IPv6Packet.fragment(
        next: 58, identification: 1, offset: UInt16(start), more: more)
      let packet = IPv6Packet(44, header + message[start..<end]) { $0.hopLimit = 255 }
      return EthernetFrame(packet.bytes).bytes
    }
  }
}
