extension Provocation {
  /// What XDP, tc programs and queueing disciplines drop.
  static let tc: [Provocation] = [
    Provocation(
      "tc-ingress", "a tc program at the ingress says drop",
      Expectation("TC_INGRESS", 12, at: ["__netif_receive_skb_core"])
    ) { lab in
      let (a, b) = try lab.pair()
      // TC_ACT_SHOT is 2.
      try BPFProgram(lab, .tcIngress, returning: 2).attach(lab, b, "vb")
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram().frame, count: 12)
    },
    Provocation(
      "tc-egress", "a tc program at the egress says drop",
      Expectation("TC_EGRESS", 13, at: ["__dev_queue_xmit"], in: .a, on: "va")
    ) { lab in
      let (a, _) = try lab.pair()
      try BPFProgram(lab, .tcEgress, returning: 2).attach(lab, a, "va")
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try lab.arm()
      try client.send(to: .b, 9_000, count: 13)
    },
    Provocation(
      "tbf-overflow", "more packets than a token bucket's queue holds",
      Expectation("QDISC_DROP", 20, at: ["__dev_queue_xmit"], in: .a, on: "va")
    ) { lab in
      let (a, _) = try lab.pair()
      // Ten bytes a second: nothing leaves the queue, however long a monitor takes to attach.
      try a.tc("qdisc add dev va root tbf rate 80bit burst 1540 limit 3000")
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try client.send(to: .b, 9_000, size: 1000, count: 8)
      try lab.arm()
      try client.send(to: .b, 9_000, size: 1000, count: 20)
    },
    Provocation(
      "xdp-drop-generic", "a generic XDP program says drop",
      Expectation("NOT_SPECIFIED", 7, at: ["do_xdp_generic"])
    ) { lab in
      let (a, b) = try lab.pair()
      // XDP_DROP is 1.
      try BPFProgram(lab, .xdp, returning: 1).attach(lab, b, "vb", generic: true)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram().frame, count: 7)
    },
    Provocation(
      "xdp-drop-native", "an XDP program in the veth driver says drop",
      Expectation("NOT_SPECIFIED", 7, at: ["veth_xdp_rcv_skb"])
    ) { lab in
      let (a, b) = try lab.pair()
      try BPFProgram(lab, .xdp, returning: 1).attach(lab, b, "vb")
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram().frame, count: 7)
    },
    Provocation(
      "xdp-redirect-failed", "a generic XDP program redirects to a device that nobody has",
      Expectation("XDP", 8, at: ["do_xdp_generic"])
    ) { lab in
      let (a, b) = try lab.pair()
      try BPFProgram(redirectingNowhere: lab).attach(lab, b, "vb", generic: true)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram().frame, count: 8)
    },
  ]
}
