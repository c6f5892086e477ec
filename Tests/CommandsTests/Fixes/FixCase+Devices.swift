import DropLab

extension FixCase {
  /// What devices, bridges and tunnels drop.
  static let devices: [FixCase] = [
    FixCase("DEV_READY", "up") { lab in
      let (b, device) = try lab.tap()
      try b.ip("link set tap0 down")
      // EIO is how the kernel reports the drop to the writer.
      return { for _ in 0..<6 { try? device.write(UDPDatagram().frame) } }
    },
    FixCase("BRIDGE_INGRESS_STP_STATE", "stp_state 0", "state 3") { lab in
      let (a, b) = try lab.pair()
      try b.ip(
        "addr flush dev vb",
        "link add br0 type bridge mcast_snooping 0 stp_state 1 forward_delay 3000",
        "link set vb master br0", "link set br0 up")
      // Takes the bridge's own messages (802.2 frames), which would be drops in a.
      _ = try LabSocket(lab, a, packets: "va", 4)
      return try injecting(lab, UDPDatagram().frame)
    },
    FixCase("NO_TX_TARGET", "fdb append") { lab in
      let b = try lab.vxlan()
      try b.ip(
        "addr add 10.79.0.1/24 dev vx0",
        "neigh replace 10.79.0.2 lladdr \(MACAddress.stranger) dev vx0 nud permanent")
      let client = try LabSocket(lab, b, .udp).bind("10.79.0.1", 40_000)
      return { try client.send(to: "10.79.0.2", 9_000, count: 5) }
    },
    FixCase("LOCAL_MAC", "address") { lab in
      _ = try lab.vxlan()
      let packet = IPv4Packet(17, UDPDatagram().bytes)
      let inner = EthernetFrame(packet.bytes, from: .d).bytes
      let outer = UDPDatagram([8, 0, 0, 0, 0, 0, 42, 0] + inner) { $0.destinationPort = 4789 }
      return try injecting(lab, outer.frame)
    },
  ]

  /// What queues and buffers have no room for.
  static let queues: [FixCase] = [
    FixCase("SOCKET_RCVBUFF", "rmem_default") { lab in
      let (a, b) = try lab.pair()
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      return {
        // A buffer's size is what the setting was when its socket was made: the program starts anew.
        let reader = try LabSocket(lab, b, .udp).bind(.b, 9_000)
        // 4 KiB of memory for each: two thirds of them find room at first.
        try client.send(to: .b, 9_000, size: 1000, count: 150)
        reader.drain()
        reader.close()
      }
    },
    FixCase("FULL_RING", "txqueuelen") { lab in
      let (b, _) = try lab.tap()
      try b.ip("link set tap0 txqueuelen 5")
      let client = try LabSocket(lab, b, .udp).bind(.b, 40_000)
      return { try client.send(to: .a, 9_000, count: 20) }
    },
    FixCase("NEIGH_QUEUEFULL", "unres_qlen_bytes", in: .a) { lab in
      let (a, _) = try lab.pair()
      // What still waits goes now, and not when the kernel gets to removing the namespace.
      lab.atEnd { try? a.ip("link set va down") }
      try a.set("ipv4/neigh/va/unres_qlen_bytes", 4096)
      // Asks so slowly that the answer's absence does not show in time.
      try a.set("ipv4/neigh/va/retrans_time_ms", 60_000)
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      return { try client.send(to: "10.77.0.50", 9_000, size: 100, count: 20) }
    },
  ]
}

extension Lab {
  /// A pair whose b, which is returned, has the device vx0 for the network 42.
  fileprivate func vxlan() throws -> LabNamespace {
    let b = try pair().b
    try b.ip(
      "link add vx0 address \(MACAddress.d) type vxlan id 42 local 10.77.0.2 dstport 4789",
      "link set vx0 up")
    return b
  }
}
