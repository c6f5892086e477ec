extension Provocation {
  /// What reassembly throws away.
  static let fragments: [Provocation] = [
    Provocation(
      "fragment-duplicate", "the same IPv4 fragment arrives twice",
      Expectation("DUP_FRAG", 7, at: ["ip_defrag"])
    ) { lab in
      let (a, _) = try lab.pair()
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      for identification in UInt16(1)...7 { try sender.send(first(identification), count: 2) }
    },
    Provocation(
      "fragment-late", "only the first IPv4 fragment arrives and the time runs out",
      Expectation("FRAG_REASM_TIMEOUT", 5, at: ["ip_expire"]), timing: .elsewhere
    ) { lab in
      let (a, b) = try lab.pair()
      // Zero seconds: the timer fires at the next tick.
      try b.set("ipv4/ipfrag_time", 0)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      for identification in UInt16(1)...5 { try sender.send(first(identification)) }
      lab.pause(milliseconds: 50)
    },
    Provocation(
      "fragment6-late", "only the first IPv6 fragment arrives and the time runs out",
      Expectation(
        "FRAG_REASM_TIMEOUT", 4, at: ["ip6_frag_expire", "ip6frag_expire_frag_queue"], "ipv6", nil),
      timing: .elsewhere
    ) { lab in
      let (a, b) = try lab.pair(ipv6: true)
      try b.set("ipv6/ip6frag_time", 0)
      let sender = try PacketSender(lab, a, "va")
      let datagram = UDPDatagram(fragmentData, from: .a6, to: .b6).bytes
      try lab.arm()
      for identification in UInt32(1)...4 {
        let header = IPv6Packet.fragment(
          next: 17, identification: identification, offset: 0, more: true)
        try sender.send(EthernetFrame(IPv6Packet(44, header + datagram).bytes).bytes)
      }
      lab.pause(milliseconds: 50)
    },
    Provocation(
      "fragment-too-far", "other datagrams came between the fragments, ipfrag_max_dist=1",
      Expectation("FRAG_TOO_FAR", 3, at: ["inet_frag_rbtree_purge"], in: nil, on: nil)
    ) { lab in
      let (a, b) = try lab.pair()
      try b.set("ipv4/ipfrag_max_dist", 1)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      for round in UInt16(1)...3 {
        for other in UInt16(0)...5 { try sender.send(first(round * 100 + other)) }
        try sender.send(fragment(round * 100, offset: 64, [UInt8](repeating: 0x79, count: 64)))
      }
    },
    Provocation(
      "fragment-overlap", "a second fragment overlaps the first, so both go",
      // The kernel frees the first one as if it had been used: no event.
      Expectation("NOT_SPECIFIED", 4, at: ["ip_defrag"])
    ) { lab in
      let (a, _) = try lab.pair()
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      for identification in UInt16(1)...4 {
        try sender.send(first(identification))
        try sender.send(fragment(identification, offset: 32, [UInt8](repeating: 0x79, count: 64)))
      }
    },
  ]

  private static let fragmentData = [UInt8](repeating: 0x78, count: 56)

  /// The first 64 bytes of a fragmented datagram.
  private static func first(_ identification: UInt16) -> [UInt8] {
    fragment(identification, offset: 0, UDPDatagram(fragmentData).bytes)
  }

  private static func fragment(
    _ identification: UInt16, offset: UInt16, _ payload: [UInt8]
  ) -> [UInt8] {
    let packet = IPv4Packet(17, payload) {
      $0.identification = identification
      $0.fragmentOffset = offset
      $0.moreFragments = true
    }
    return EthernetFrame(packet.bytes).bytes
  }
}
