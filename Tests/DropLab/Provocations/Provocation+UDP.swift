import Glibc

extension Provocation {
  /// What UDP drops on its way to a socket.
  static let udp: [Provocation] = [
    Provocation(
      "udp-closed-port", "UDP datagrams to a port that nobody listens on",
      Expectation("NO_SOCKET", 25, at: ["__udp4_lib_rcv"])
    ) { lab in
      let (a, _) = try lab.pair()
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try lab.arm()
      try client.send(to: .b, 9_000, count: 25)
    },
    Provocation(
      "udp6-closed-port", "UDP datagrams over IPv6 to a port that nobody listens on",
      Expectation("NO_SOCKET", 20, at: ["__udp6_lib_rcv"], "ipv6")
    ) { lab in
      let (a, _) = try lab.pair(ipv6: true)
      let client = try LabSocket(lab, a, .udp, ipv6: true).bind(.a6, 40_000)
      try lab.arm()
      try client.send(to: .b6, 9_000, count: 20)
    },
    Provocation(
      "udp-full-socket", "a UDP receiver that never reads",
      Expectation("SOCKET_RCVBUFF", 50, at: ["udp_queue_rcv_one_skb"])
    ) { lab in
      let (a, b) = try lab.pair()
      try LabSocket(lab, b, .udp).option(SOL_SOCKET, SO_RCVBUF, 4096).bind(.b, 9_000)
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      // Full before the counting begins, so that every later datagram is dropped.
      try client.send(to: .b, 9_000, size: 1000, count: 50)
      try lab.arm()
      try client.send(to: .b, 9_000, size: 1000, count: 50)
    },
    Provocation(
      "udp6-full-socket", "a UDP receiver over IPv6 that never reads",
      Expectation("SOCKET_RCVBUFF", 30, at: ["udpv6_queue_rcv_one_skb"], "ipv6")
    ) { lab in
      let (a, b) = try lab.pair(ipv6: true)
      try LabSocket(lab, b, .udp, ipv6: true).option(SOL_SOCKET, SO_RCVBUF, 4096)
        .bind(.b6, 9_000)
      let client = try LabSocket(lab, a, .udp, ipv6: true).bind(.a6, 40_000)
      try client.send(to: .b6, 9_000, size: 1000, count: 50)
      try lab.arm()
      try client.send(to: .b6, 9_000, size: 1000, count: 30)
    },
    Provocation(
      "udp-bad-checksum", "UDP datagrams with a wrong checksum to a closed port",
      Expectation("UDP_CSUM", 10, at: ["__udp4_lib_rcv"])
    ) { lab in
      let wrong = UDPDatagram { $0.claimedChecksum = 0xDEAD }
      try lab.inject(wrong.frame, count: 10)
    },
    Provocation(
      "udp6-bad-checksum", "UDP datagrams over IPv6 with a wrong checksum",
      Expectation("UDP_CSUM", 7, at: ["__udp6_lib_rcv"], "ipv6")
    ) { lab in
      let wrong = UDPDatagram(from: .a6, to: .b6) { $0.claimedChecksum = 0xDEAD }
      try lab.inject(wrong.frame, count: 7, ipv6: true)
    },
    Provocation(
      "udp-false-length", "a UDP header that claims more bytes than the packet has",
      Expectation("PKT_TOO_SMALL", 8, at: ["__udp4_lib_rcv"])
    ) { lab in
      let wrong = UDPDatagram { $0.claimedLength = 400 }
      try lab.inject(wrong.frame, count: 8)
    },
    Provocation(
      "udp-socket-filter", "a UDP socket whose classic BPF filter accepts nothing",
      Expectation("SOCKET_FILTER", 10, at: ["udp_queue_rcv_one_skb"])
    ) { lab in
      let (a, b) = try lab.pair()
      try LabSocket(lab, b, .udp).bind(.b, 9_000).rejectAll()
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try lab.arm()
      try client.send(to: .b, 9_000, count: 10)
    },
    Provocation(
      "udp-ipsec-policy", "a clear-text datagram against an IPsec policy that blocks it",
      Expectation("XFRM_POLICY", 9, at: ["udp_queue_rcv_one_skb"])
    ) { lab in
      let (a, b) = try lab.pair()
      try b.ip("xfrm policy add src 10.77.0.1/32 dst 10.77.0.2/32 dir in action block")
      try LabSocket(lab, b, .udp).bind(.b, 9_000)
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try lab.arm()
      try client.send(to: .b, 9_000, count: 9)
    },
    Provocation(
      "cgroup-ingress", "a control group's BPF program refuses what its sockets receive",
      Expectation("SOCKET_FILTER", 12, at: ["udp_queue_rcv_one_skb"])
    ) { lab in
      let (a, b) = try lab.pair()
      let group = try ControlGroup(in: lab)
      try BPFProgram(lab, .cgroupIngress, returning: 0).attach(lab, group)
      try group.inside { _ = try LabSocket(lab, b, .udp).bind(.b, 9_000) }
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try lab.arm()
      try client.send(to: .b, 9_000, count: 12)
    },
    Provocation(
      "cgroup-egress", "a control group's BPF program refuses what its sockets send",
      Expectation("BPF_CGROUP_EGRESS", 12, at: ["ip_finish_output"], in: .a, on: "va")
    ) { lab in
      let (a, _) = try lab.pair()
      let group = try ControlGroup(in: lab)
      try BPFProgram(lab, .cgroupEgress, returning: 0).attach(lab, group)
      let client = try group.inside { try LabSocket(lab, a, .udp).bind(.a, 40_000) }
      try lab.arm()
      try client.send(to: .b, 9_000, count: 12)
    },
  ]
}

extension Lab {
  /// Makes a pair, arms, and lets `vb` receive copies of one frame.
  func inject(_ frame: [UInt8], count: Int, ipv6: Bool = false) throws {
    let (a, _) = try pair(ipv6: ipv6)
    let sender = try PacketSender(self, a, "va")
    try arm()
    try sender.send(frame, count: count)
  }
}
