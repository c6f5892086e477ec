extension Provocation {
  /// What a VXLAN device refuses (RFC 7348), at its outer packet in b.
  static let vxlan: [Provocation] = [
    Provocation(
      "vxlan-bad-header", "a VXLAN header without the flag that says it has an identifier",
      Expectation("VXLAN_INVALID_HDR", 5, at: ["vxlan_rcv"])
    ) { try $0.encapsulate(UDPDatagram().frame, flags: 0, count: 5) },
    Provocation(
      "vxlan-unknown-network", "a VXLAN network identifier that no device has",
      Expectation("VXLAN_VNI_NOT_FOUND", 6, at: ["vxlan_rcv"])
    ) { try $0.encapsulate(UDPDatagram().frame, identifier: 43, count: 6) },
    Provocation(
      "vxlan-truncated", "a VXLAN header with nothing behind it",
      Expectation("NOMEM", 5, at: ["vxlan_rcv"])
    ) { try $0.encapsulate([], count: 5) },
    Provocation(
      "vxlan-own-address", "an inner frame that claims to come from the device itself",
      Expectation("LOCAL_MAC", 5, at: ["vxlan_rcv"], on: "vx0")
    ) { lab in
      let inner = EthernetFrame(IPv4Packet(17, UDPDatagram().bytes).bytes, from: .d)
      try lab.encapsulate(inner.bytes, count: 5)
    },
    Provocation(
      "vxlan-multicast-source", "an inner frame from a multicast address",
      Expectation("MAC_INVALID_SOURCE", 5, at: ["vxlan_rcv"], on: "vx0")
    ) { lab in
      let inner = EthernetFrame(IPv4Packet(17, UDPDatagram().bytes).bytes, from: .broadcast)
      try lab.encapsulate(inner.bytes, count: 5)
    },
    Provocation(
      "vxlan-congestion-mark", "the outer packet is marked as congested, the inner cannot be",
      Expectation("IP_TUNNEL_ECN", 5, at: ["vxlan_rcv"], on: "vx0")
    ) { try $0.encapsulate(UDPDatagram().frame, serviceType: 3, count: 5) },
    Provocation(
      "vxlan-no-target", "a VXLAN device that knows nobody to send to",
      Expectation("NO_TX_TARGET", 5, at: ["vxlan_xmit"], on: "vx0")
    ) { lab in
      let b = try lab.vxlan().b
      try b.ip(
        "addr add 10.79.0.1/24 dev vx0",
        "neigh replace 10.79.0.2 lladdr \(MACAddress.stranger) dev vx0 nud permanent")
      let client = try LabSocket(lab, b, .udp).bind("10.79.0.1", 40_000)
      try lab.arm()
      try client.send(to: "10.79.0.2", 9_000, count: 5)
    },
  ]
}

extension Lab {
  /// A pair whose b has the device vx0 for the network 42.
  fileprivate func vxlan() throws -> (a: LabNamespace, b: LabNamespace) {
    let (a, b) = try pair()
    try b.ip(
      "link add vx0 address \(MACAddress.d) type vxlan id 42 local 10.77.0.2 dstport 4789",
      "link set vx0 up")
    return (a, b)
  }

  /// Arms and lets b receive copies of an inner frame behind a VXLAN header.
  fileprivate func encapsulate(
    _ inner: [UInt8], flags: UInt8 = 8, identifier: UInt8 = 42, serviceType: UInt8 = 0, count: Int
  ) throws {
    let (a, _) = try vxlan()
    let sender = try PacketSender(self, a, "va")
    let header: [UInt8] = [flags, 0, 0, 0, 0, 0, identifier, 0]
    let datagram = UDPDatagram(header + inner) { $0.destinationPort = 4789 }
    let packet = IPv4Packet(17, datagram.bytes) { $0.serviceType = serviceType }
    try arm()
    try sender.send(EthernetFrame(packet.bytes).bytes, count: count)
  }
}
