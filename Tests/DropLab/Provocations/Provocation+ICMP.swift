extension Provocation {
  /// What the ICMP handlers refuse.
  static let icmp: [Provocation] = [
    Provocation(
      "icmp-bad-checksum", "an echo request with a wrong checksum",
      Expectation("ICMP_CSUM", 9, at: ["icmp_rcv"], "ipv4", "icmp")
    ) { try $0.inject(frame(ICMPMessage(8, checksum: 0xDEAD)), count: 9) },
    Provocation(
      "icmp6-bad-checksum", "an ICMPv6 echo request with a wrong checksum",
      Expectation("ICMP_CSUM", 4, at: ["icmpv6_rcv"], "ipv6", "icmpv6")
    ) { lab in
      let message = ICMPMessage(128, from: .a6, to: .b6, checksum: 0xDEAD)
      try lab.inject(
        EthernetFrame(IPv6Packet(58, message.bytes).bytes).bytes, count: 4, ipv6: true)
    },
    Provocation(
      "icmp-broadcast", "an echo request to the broadcast address",
      Expectation("INVALID_PROTO", 5, at: ["icmp_rcv"], "ipv4", "icmp")
    ) { lab in
      let packet = IPv4Packet(1, ICMPMessage(8).bytes, to: "10.77.0.255")
      try lab.inject(EthernetFrame(packet.bytes, to: .broadcast).bytes, count: 5)
    },
    Provocation(
      "icmp-unknown-type", "an unassigned ICMP type",
      Expectation("UNHANDLED_PROTO", 4, at: ["icmp_rcv"], "ipv4", "icmp")
    ) { try $0.inject(frame(ICMPMessage(99)), count: 4) },
    Provocation(
      "icmp-stray-reply", "echo replies that no ping waits for",
      Expectation("NO_SOCKET", 5, at: ["ping_rcv"], "ipv4", "icmp")
    ) { try $0.inject(frame(ICMPMessage(0)), count: 5) },
  ]

  private static func frame(_ message: ICMPMessage) -> [UInt8] {
    EthernetFrame(IPv4Packet(1, message.bytes).bytes).bytes
  }
}
