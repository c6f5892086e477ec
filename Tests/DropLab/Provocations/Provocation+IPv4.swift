extension Provocation {
  /// What the IPv4 input path refuses.
  static let ipv4: [Provocation] = [
    Provocation(
      "ip-bad-checksum", "the IPv4 header checksum is wrong",
      Expectation("IP_CSUM", 12, at: ["ip_rcv_core"])
    ) { try $0.inject(frame { $0.claimedChecksum = 0xDEAD }, count: 12) },
    Provocation(
      "ip-bad-version", "version 5 in an IPv4 frame",
      Expectation("IP_INHDR", 6, at: ["ip_rcv_core"], "ipv4", nil)
    ) { lab in
      let packet = IPv4Packet(17, UDPDatagram().bytes) { $0.version = 5 }
      try lab.inject(EthernetFrame(packet.bytes, ethertype: 0x0800).bytes, count: 6)
    },
    Provocation(
      "ip-truncated", "the IPv4 total length exceeds the frame",
      Expectation("PKT_TOO_SMALL", 6, at: ["ip_rcv_core"])
    ) { try $0.inject(frame { $0.claimedLength = 900 }, count: 6) },
    Provocation(
      "ip-bad-option", "a record-route option with an impossible length",
      Expectation("IP_INHDR", 5, at: ["ip_rcv_finish_core"])
    ) { try $0.inject(frame { $0.options = [7, 0xFF, 4, 0] }, count: 5) },
    Provocation(
      "other-host", "frames for somebody else's hardware address",
      Expectation("OTHERHOST", 20, at: ["ip_rcv_core"])
    ) { lab in
      let packet = IPv4Packet(17, UDPDatagram().bytes)
      try lab.inject(EthernetFrame(packet.bytes, to: .stranger).bytes, count: 20)
    },
    Provocation(
      "unknown-vlan", "frames of a VLAN that has no interface",
      Expectation("OTHERHOST", 5, at: ["ip_rcv_core"])
    ) { lab in
      let packet = IPv4Packet(17, UDPDatagram().bytes)
      try lab.inject(EthernetFrame(packet.bytes, vlans: [42]).bytes, count: 5)
    },
    Provocation(
      "rp-filter", "a source without a route back through the interface, rp_filter=1",
      Expectation("IP_RPFILTER", 18, at: ["ip_rcv_finish_core"])
    ) { lab in
      let (a, b) = try lab.pair()
      try b.set("ipv4/conf/all/rp_filter", 1)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram(from: "192.0.2.66").frame, count: 18)
    },
    Provocation(
      "local-source", "a packet from the wire claims our own address",
      Expectation("IP_LOCAL_SOURCE", 7, at: ["ip_rcv_finish_core"])
    ) { try $0.inject(UDPDatagram(from: .b).frame, count: 7) },
    Provocation(
      "multicast-source", "a multicast address as source",
      Expectation("IP_INVALID_SOURCE", 5, at: ["ip_rcv_finish_core"])
    ) { try $0.inject(UDPDatagram(from: "224.0.0.5").frame, count: 5) },
    Provocation(
      "loopback-destination", "127.0.0.1 as destination on the wire",
      Expectation("IP_LOCALNET", 5, at: ["ip_rcv_finish_core"])
    ) { try $0.inject(UDPDatagram(to: "127.0.0.1").frame, count: 5) },
    Provocation(
      "zero-destination", "0.0.0.0 as destination",
      Expectation("IP_INVALID_DEST", 4, at: ["ip_rcv_finish_core"])
    ) { try $0.inject(UDPDatagram(to: "0.0.0.0").frame, count: 4) },
    Provocation(
      "unicast-in-broadcast", "a unicast packet in a broadcast frame, forbidden by sysctl",
      Expectation("UNICAST_IN_L2_MULTICAST", 6, at: ["ip_rcv_finish_core"])
    ) { lab in
      let (a, b) = try lab.pair()
      try b.set("ipv4/conf/vb/drop_unicast_in_l2_multicast", 1)
      let sender = try PacketSender(lab, a, "va")
      let packet = IPv4Packet(17, UDPDatagram().bytes)
      try lab.arm()
      try sender.send(EthernetFrame(packet.bytes, to: .broadcast).bytes, count: 6)
    },
    Provocation(
      "unknown-ip-protocol", "an IP protocol that nothing handles",
      Expectation("IP_NOPROTO", 6, at: ["ip_local_deliver_finish"], "ipv4", nil)
    ) { lab in
      let packet = IPv4Packet(253, [UInt8](repeating: 0, count: 16))
      try lab.inject(EthernetFrame(packet.bytes).bytes, count: 6)
    },
  ]

  /// A datagram from a to b in an IPv4 packet that `adjust` damages.
  private static func frame(_ adjust: (inout IPv4Packet) -> Void) -> [UInt8] {
    EthernetFrame(IPv4Packet(17, UDPDatagram().bytes, adjust).bytes).bytes
  }
}
