extension Provocation {
  /// What nftables drops, hook by hook; the forward hook is among the routers.
  static let netfilter: [Provocation] = [
    Provocation(
      "nft-input", "an input chain drops a UDP port",
      Expectation("NETFILTER_DROP", 20, at: ["nft_do_chain"])
    ) { lab in
      let (a, b) = try lab.pair()
      try b.nft(
        "table inet lab { chain i { type filter hook input priority 0; udp dport 9000 drop; }; }")
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram().frame, count: 20)
    },
    Provocation(
      "nft-output", "an output chain drops a UDP port",
      // The output hook runs before the packet has a device.
      Expectation("NETFILTER_DROP", 9, at: ["nft_do_chain"], in: .a, on: nil)
    ) { lab in
      let (a, _) = try lab.pair()
      try a.nft(
        "table inet lab { chain o { type filter hook output priority 0; udp dport 9000 drop; }; }")
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try lab.arm()
      try client.send(to: .b, 9_000, count: 9)
    },
    Provocation(
      "nft-ingress", "a netdev ingress chain drops before IP sees the packet",
      Expectation("NETFILTER_DROP", 14, at: ["nft_do_chain"])
    ) { lab in
      let (a, b) = try lab.pair()
      try b.nft(
        """
        table netdev lab {
          chain i { type filter hook ingress device "vb" priority 0; udp dport 9000 drop; };
        }
        """)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram().frame, count: 14)
    },
  ]
}
