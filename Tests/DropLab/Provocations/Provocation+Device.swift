import Glibc

extension Provocation {
  /// What devices, bridges, tunnels and packet sockets drop.
  static let device: [Provocation] = [
    Provocation(
      "unknown-ethertype", "frames of a protocol that nothing handles",
      Expectation("UNHANDLED_PROTO", 16, at: ["__netif_receive_skb_core"], "0x88b5", nil)
    ) { try $0.inject(EthernetFrame(data, ethertype: 0x88B5).bytes, count: 16) },
    Provocation(
      "packet-socket-full", "an AF_PACKET socket that never reads",
      Expectation("PACKET_SOCK_ERROR", 20, at: ["packet_rcv"], "lldp", nil)
    ) { lab in
      let (a, b) = try lab.pair()
      try LabSocket(lab, b, packets: "vb", 0x88CC).option(SOL_SOCKET, SO_RCVBUF, 2048)
      let sender = try PacketSender(lab, a, "va")
      let frame = EthernetFrame(data, ethertype: 0x88CC).bytes
      try sender.send(frame, count: 30)
      try lab.arm()
      try sender.send(frame, count: 20)
    },
    Provocation(
      "packet-socket-closed", "an AF_PACKET socket closed with frames unread",
      Expectation("QUEUE_PURGE", 8, at: ["skb_queue_purge_reason"], on: nil, "lldp", nil)
    ) { lab in
      let (a, b) = try lab.pair()
      let reader = try LabSocket(lab, b, packets: "vb", 0x88CC)
      let sender = try PacketSender(lab, a, "va")
      try sender.send(EthernetFrame(data, ethertype: 0x88CC).bytes, count: 8)
      try lab.arm()
      reader.close()
    },
    Provocation(
      "tap-full", "more frames than a TAP device's ring holds",
      Expectation("FULL_RING", 10, at: ["tun_net_xmit"], on: "tap0")
    ) { lab in
      let (b, _) = try lab.tap()
      try b.ip("link set tap0 txqueuelen 5")
      let client = try LabSocket(lab, b, .udp).bind(.b, 40_000)
      try client.send(to: .a, 9_000, count: 20)
      try lab.arm()
      try client.send(to: .a, 9_000, count: 10)
    },
    Provocation(
      "tap-program", "a TAP device whose BPF program lets nothing through",
      Expectation("TAP_FILTER", 9, at: ["tun_net_xmit"], on: "tap0")
    ) { lab in
      let (b, device) = try lab.tap()
      try device.filter(by: BPFProgram(lab, .socketFilter, returning: 0))
      let client = try LabSocket(lab, b, .udp).bind(.b, 40_000)
      try lab.arm()
      try client.send(to: .a, 9_000, count: 9)
    },
    Provocation(
      "tap-socket-filter", "a TAP device whose reader's filter accepts nothing",
      Expectation("SOCKET_FILTER", 8, at: ["tun_net_xmit"], on: "tap0")
    ) { lab in
      let (b, device) = try lab.tap()
      try device.rejectAll()
      let client = try LabSocket(lab, b, .udp).bind(.b, 40_000)
      try lab.arm()
      try client.send(to: .a, 9_000, count: 8)
    },
    Provocation(
      "tap-address-filter", "a TAP device whose reader wants another hardware address",
      Expectation("TAP_TXFILTER", 8, at: ["tun_net_xmit"], on: "tap0")
    ) { lab in
      let (b, device) = try lab.tap()
      try device.acceptOnly(.stranger)
      let client = try LabSocket(lab, b, .udp).bind(.b, 40_000)
      try lab.arm()
      try client.send(to: .a, 9_000, count: 8)
    },
    Provocation(
      "bridge-port-listening", "a bridge port that spanning tree does not let forward yet",
      Expectation("BRIDGE_INGRESS_STP_STATE", 6, at: ["br_handle_frame"])
    ) { lab in
      let (a, _) = try lab.bridge("stp_state 1 forward_delay 3000")
      // Takes the bridge's own messages (802.2 frames), which would be drops in a.
      _ = try LabSocket(lab, a, packets: "va", 4)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram().frame, count: 6)
    },
    Provocation(
      "bridge-pause-frame", "an IEEE 802.3 pause frame at a bridge port",
      Expectation("MAC_IEEE_MAC_CONTROL", 5, at: ["br_handle_frame"], "0x8808", nil)
    ) { lab in
      let (a, _) = try lab.bridge()
      let sender = try PacketSender(lab, a, "va")
      let pause = MACAddress(bytes: [1, 0x80, 0xC2, 0, 0, 1])
      try lab.arm()
      try sender.send(EthernetFrame(data, to: pause, ethertype: 0x8808).bytes, count: 5)
    },
    Provocation(
      "tap-down", "a frame written to a TAP device that is down",
      Expectation("DEV_READY", 6, at: ["tun_get_user"], on: "tap0")
    ) { lab in
      let (b, device) = try lab.tap()
      try b.ip("link set tap0 down")
      try lab.arm()
      // EIO is how the kernel reports the drop to the writer.
      for _ in 0..<6 { try? device.write(UDPDatagram().frame) }
    },
  ]

  private static let data = [UInt8](repeating: 0x5A, count: 64)
}

extension Lab {
  /// A pair whose vb is a port of a bridge.
  fileprivate func bridge(
    _ spanningTree: String = "forward_delay 0"
  ) throws -> (a: LabNamespace, b: LabNamespace) {
    let (a, b) = try pair()
    try b.ip(
      "addr flush dev vb", "link add br0 type bridge mcast_snooping 0 \(spanningTree)",
      "link set vb master br0", "link set br0 up")
    return (a, b)
  }
}
