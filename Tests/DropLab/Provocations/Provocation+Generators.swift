extension Provocation {
  /// The generators in small, so that they are held to the same truth as all else.
  static let generators: [Provocation] = [
    Provocation(
      "xdp-live-frames", "live XDP frames of an unknown protocol",
      Expectation(
        "UNHANDLED_PROTO", 2_000, at: ["__netif_receive_skb_core"], "0x88b5", nil)
    ) { lab in
      let (_, b) = try lab.pair()
      let flood = try XDPFlood(lab, b)
      try lab.arm()
      _ = try flood.run(.unknownEthertype(), count: 2_000)
    },
    Provocation(
      "xdp-live-ethertypes", "live XDP frames of eight unknown protocols in turn",
      Expectation("UNHANDLED_PROTO", 800, at: ["__netif_receive_skb_core"], nil, nil)
    ) { lab in
      let (_, b) = try lab.pair()
      let flood = try XDPFlood(lab, b, ethertypes: 8)
      try lab.arm()
      _ = try flood.run(.unknownEthertype(), count: 800)
    },
    Provocation(
      "gso-closed-port", "segmented datagrams to a closed port, dropped whole",
      Expectation("NO_SOCKET", 10, at: ["__udp4_lib_rcv"]).carrying(segments: 16)
    ) { try $0.sendSegments(to: .closedPort, sends: 10) },
    Provocation(
      "gso-full-gro-socket", "segmented datagrams to a full socket with UDP_GRO, dropped whole",
      Expectation("SOCKET_RCVBUFF", 10, at: ["udp_queue_rcv_one_skb"]).carrying(segments: 16)
    ) { try $0.sendSegments(to: .fullSocketWithGRO, sends: 10) },
    Provocation(
      "gso-full-socket", "segmented datagrams to a full socket, split before they are dropped",
      Expectation("SOCKET_RCVBUFF", 160, at: ["udp_queue_rcv_one_skb"])
    ) { try $0.sendSegments(to: .fullSocket, sends: 10) },
  ]
}

extension Lab {
  /// Makes a pair, prepares a segment flood, arms, and sends.
  fileprivate func sendSegments(to target: GSOFlood.Target, sends: Int) throws {
    _ = try pair()
    let flood = try GSOFlood(self, target)
    try arm()
    _ = try flood.run(sends: sends)
  }
}
