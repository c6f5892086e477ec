extension Provocation {
  /// What the IPv6 input path refuses.
  static let ipv6: [Provocation] = [
    Provocation(
      "ip6-disabled", "IPv6 packets to an interface with disable_ipv6=1",
      Expectation("IPV6DISABLED", 8, at: ["ip6_rcv_core"], "ipv6")
    ) { try $0.inject(UDPDatagram(from: .a6, to: .b6).frame, count: 8) },
    Provocation(
      "ip6-other-host", "IPv6 frames for somebody else's hardware address",
      Expectation("OTHERHOST", 5, at: ["ip6_rcv_core"], "ipv6")
    ) { lab in
      let packet = IPv6Packet(17, UDPDatagram(from: .a6, to: .b6).bytes)
      try lab.inject(EthernetFrame(packet.bytes, to: .stranger).bytes, count: 5, ipv6: true)
    },
    Provocation(
      "ip6-truncated", "the IPv6 payload length exceeds the frame",
      Expectation("PKT_TOO_SMALL", 5, at: ["ip6_rcv_core"], "ipv6")
    ) { lab in
      let packet = IPv6Packet(17, UDPDatagram(from: .a6, to: .b6).bytes) {
        $0.claimedLength = 900
      }
      try lab.inject(EthernetFrame(packet.bytes).bytes, count: 5, ipv6: true)
    },
    Provocation(
      "ip6-loopback-source", "::1 as source on the wire",
      Expectation("IP_INHDR", 4, at: ["ip6_rcv_core"], "ipv6")
    ) { try $0.inject(UDPDatagram(from: "::1", to: .b6).frame, count: 4, ipv6: true) },
    Provocation(
      "ip6-unknown-header", "a next header that nothing handles",
      Expectation("IP_NOPROTO", 5, at: ["ip6_input_finish"], "ipv6", nil)
    ) { lab in
      let packet = IPv6Packet(253, [UInt8](repeating: 0, count: 16))
      try lab.inject(EthernetFrame(packet.bytes).bytes, count: 5, ipv6: true)
    },
    Provocation(
      "ip6-bad-hop-option", "a hop-by-hop option longer than its header",
      Expectation("IP_INHDR", 5, at: ["ip6_parse_tlv"], "ipv6", nil)
    ) { try $0.inject(behindOptions(0, [5, 0xFF]), count: 5, ipv6: true) },
    Provocation(
      "ip6-unknown-option", "an unknown destination option whose type says discard",
      Expectation("UNHANDLED_PROTO", 5, at: ["ip6_tlvopt_unknown"], "ipv6", nil)
    ) { try $0.inject(behindOptions(60, [0x5E, 4, 0, 0, 0, 0]), count: 5, ipv6: true) },
    Provocation(
      "ip6-bad-quoted-header", "an ICMPv6 error that quotes a truncated extension header",
      Expectation("IPV6_BAD_EXTHDR", 4, at: ["icmpv6_rcv"], "ipv6", "icmpv6")
    ) { lab in
      let quoted = IPv6Packet(60, [17], from: .b6, to: .a6) { $0.claimedLength = 200 }
      let error = ICMPMessage(1, code: 4, body: [0, 0, 0, 0] + quoted.bytes, from: .a6, to: .b6)
      try lab.inject(EthernetFrame(IPv6Packet(58, error.bytes).bytes).bytes, count: 4, ipv6: true)
    },
    Provocation(
      "ip6-bad-raw-checksum", "a raw socket that checks sums itself gets a wrong one",
      Expectation("SKB_CSUM", 6, at: ["rawv6_rcv"], "ipv6", nil)
    ) { lab in
      let (a, b) = try lab.pair(ipv6: true)
      // IPV6_CHECKSUM (7) at level IPPROTO_IPV6 (41): the sum's offset in the message.
      try LabSocket(lab, b, .raw(89), ipv6: true).option(41, 7, 2)
      let sender = try PacketSender(lab, a, "va")
      let packet = IPv6Packet(89, [3, 1, 0xDE, 0xAD] + [UInt8](repeating: 0, count: 32))
      try lab.arm()
      try sender.send(EthernetFrame(packet.bytes).bytes, count: 6)
    },
  ]

  /// Neighbour discovery messages that RFC 4861 and RFC 6980 forbid.
  static let neighbourDiscovery: [Provocation] = [
    Provocation(
      "nd-hop-limit", "a neighbour solicitation that was forwarded: hop limit 64",
      Expectation("IPV6_NDISC_HOP_LIMIT", 6, at: ["icmpv6_rcv"], "ipv6", "icmpv6")
    ) { try $0.inject(solicitation(hopLimit: 64), count: 6, ipv6: true) },
    Provocation(
      "nd-bad-code", "a neighbour solicitation with code 7",
      Expectation("IPV6_NDISC_BAD_CODE", 5, at: ["icmpv6_rcv"], "ipv6", "icmpv6")
    ) { try $0.inject(solicitation(code: 7), count: 5, ipv6: true) },
    Provocation(
      "nd-bad-option", "a neighbour solicitation with an option of length zero",
      Expectation("IPV6_NDISC_BAD_OPTIONS", 5, at: ["icmpv6_rcv"], "ipv6", "icmpv6")
    ) { try $0.inject(solicitation(option: [1, 0, 0, 0, 0, 0, 0, 0]), count: 5, ipv6: true) },
    Provocation(
      "nd-other-host", "a neighbour solicitation for an address that is not ours",
      Expectation("IPV6_NDISC_NS_OTHERHOST", 8, at: ["icmpv6_rcv"], "ipv6", "icmpv6")
    ) { try $0.inject(solicitation(target: "fd77::dead"), count: 8, ipv6: true) },
    Provocation(
      "nd-fragmented", "a neighbour solicitation in two fragments",
      Expectation("IPV6_NDISC_FRAG", 4, at: ["icmpv6_rcv"], "ipv6", "icmpv6")
    ) { lab in
      let (a, _) = try lab.pair(ipv6: true)
      let sender = try PacketSender(lab, a, "va")
      let message = solicitationMessage(target: .b6, option: linkAddress)
      try lab.arm()
      for identification in UInt32(1)...4 {
        for (start, end, more) in [(0, 24, true), (24, message.count, false)] {
          let header = IPv6Packet.fragment(
            next: 58, identification: identification, offset: UInt16(start), more: more)
          let packet = IPv6Packet(44, header + message[start..<end]) { $0.hopLimit = 255 }
          try sender.send(EthernetFrame(packet.bytes).bytes)
        }
      }
    },
  ]

  /// A datagram to b behind an options header of the given kind.
  private static func behindOptions(_ kind: UInt8, _ options: [UInt8]) -> [UInt8] {
    let datagram = UDPDatagram(from: .a6, to: .b6).bytes
    return EthernetFrame(
      IPv6Packet(kind, IPv6Packet.options(next: 17, options) + datagram).bytes
    ).bytes
  }

  /// The source link-layer address option of va.
  private static let linkAddress = [1, 1] + MACAddress.a.bytes

  private static func solicitationMessage(
    code: UInt8 = 0, target: IPAddress, option: [UInt8]
  ) -> [UInt8] {
    ICMPMessage(
      135, code: code, body: [0, 0, 0, 0] + target.bytes + option, from: .a6, to: .b6
    ).bytes
  }

  private static func solicitation(
    code: UInt8 = 0, target: IPAddress = .b6, option: [UInt8] = linkAddress,
    hopLimit: UInt8 = 255
  ) -> [UInt8] {
    let message = solicitationMessage(code: code, target: target, option: option)
    return EthernetFrame(IPv6Packet(58, message) { $0.hopLimit = hopLimit }.bytes).bytes
  }
}
