import Glibc

extension Provocation {
  /// Segments that an established connection refuses.
  static let established: [Provocation] = [
    connected(
      "tcp-old-data", "data that was already received",
      "TCP_OLD_DATA", 6, at: ["tcp_data_queue", "tcp_rcv_established"]
    ) { peer, arm in
      try peer.send([.ack, .psh], data)
      try arm()
      try peer.send([.ack, .psh], data, count: 6)
    },
    connected(
      "tcp-old-sequence", "data from far before the window",
      "TCP_OLD_SEQUENCE", 5, at: ["tcp_validate_incoming"]
    ) { peer, arm in
      try arm()
      try peer.send([.ack, .psh], data, count: 5) { $0.sequence &-= 5_000 }
    },
    connected(
      "tcp-invalid-sequence", "data from far beyond the window",
      "TCP_INVALID_SEQUENCE", 5, at: ["tcp_validate_incoming"]
    ) { peer, arm in
      try arm()
      try peer.send([.ack, .psh], data, count: 5) { $0.sequence &+= 1_000_000 }
    },
    connected(
      "tcp-invalid-end", "data that begins inside the window and ends beyond it",
      "TCP_INVALID_END_SEQUENCE", 5, at: ["tcp_validate_incoming"]
    ) { peer, arm in
      // Only a non-empty receive queue makes the kernel insist on the window's end.
      try peer.send([.ack, .psh], data)
      peer.sequence &+= UInt32(data.count)
      let answer = try peer.receive("an ACK", .ack)
      try arm()
      try peer.send([.ack, .psh], data, count: 5) {
        $0.sequence = answer.acknowledgement &+ UInt32(answer.window) &- 10
      }
    },
    connected(
      "tcp-out-of-order-twice", "data out of order that already waits",
      "TCP_OFOMERGE", 4, at: ["tcp_data_queue_ofo", "tcp_data_queue"]
    ) { peer, arm in
      try peer.send([.ack, .psh], data) { $0.sequence &+= 100 }
      try arm()
      try peer.send([.ack, .psh], data, count: 4) { $0.sequence &+= 100 }
    },
    connected(
      "tcp-unsent-acknowledged", "an acknowledgement of data that was never sent",
      "TCP_ACK_UNSENT_DATA", 5, at: ["tcp_rcv_established", "tcp_v4_do_rcv"]
    ) { peer, arm in
      try arm()
      try peer.send(.ack, count: 5) { $0.acknowledgement &+= 1_000 }
    },
    connected(
      "tcp-acknowledgement-too-old", "an acknowledgement from far before the window",
      "TCP_TOO_OLD_ACK", 5, at: ["tcp_rcv_established", "tcp_v4_do_rcv"]
    ) { peer, arm in
      try arm()
      // Out of order, so that the slow path looks at it: the fast path drops without an event.
      try peer.send([.ack, .psh], data, count: 5) {
        $0.acknowledgement &-= 1_000_000
        $0.sequence &+= 100
      }
    },
    connected(
      "tcp-invalid-syn", "a SYN in an established connection",
      "TCP_INVALID_SYN", 5, at: ["tcp_validate_incoming"]
    ) { peer, arm in
      try arm()
      try peer.send(.syn, count: 5)
    },
    connected(
      "tcp-blind-reset", "an RST inside the window that does not fit exactly",
      "TCP_RESET", 5, at: ["tcp_validate_incoming"]
    ) { peer, arm in
      try arm()
      try peer.send(.rst, count: 5) { $0.sequence &+= 10 }
    },
    connected(
      "tcp-no-flags", "a segment without any flag in an established connection",
      "TCP_FLAGS", 5, at: ["tcp_rcv_established", "tcp_v4_do_rcv"]
    ) { peer, arm in
      try arm()
      try peer.send([], data, count: 5)
    },
    connected(
      "tcp-old-timestamp", "data with a timestamp from the past (PAWS)",
      "TCP_RFC7323_PAWS", 5, at: ["tcp_validate_incoming"], timestamp: 1_000_000
    ) { peer, arm in
      try arm()
      peer.timestamp = 900_000
      try peer.send([.ack, .psh], data, count: 5)
    },
    connected(
      "tcp-old-timestamp-ack", "a pure ACK with a timestamp from the past",
      "TCP_RFC7323_PAWS_ACK", 5, at: ["tcp_validate_incoming"], timestamp: 1_000_000
    ) { peer, arm in
      // Its sequence number must lie before what was received, or the kernel takes it for data.
      try peer.send([.ack, .psh], data)
      try arm()
      peer.timestamp = 900_000
      try peer.send(.ack, count: 5)
    },
  ]

  /// What comes after a connection's end, or cannot leave any more.
  static let closing: [Provocation] = [
    Provocation(
      "tcp-data-after-close", "data for a connection that the application closed",
      Expectation(
        "TCP_ABORT_ON_DATA", 3, at: ["tcp_v4_do_rcv", "tcp_rcv_state_process"], on: nil, "ipv4",
        "tcp")
    ) { lab in
      let (listener, device) = try lab.listener()
      var peers: [TCPPeer] = []
      for port in UInt16(41_000)...41_002 {
        var peer = TCPPeer(device, port: port)
        try peer.connect()
        try listener.acceptAndEnd(lab)
        peers.append(peer)
      }
      try lab.arm()
      for peer in peers { try peer.send([.ack, .psh], data) }
    },
    Provocation(
      "tcp-time-wait-timestamp", "a segment from the past for a connection in TIME_WAIT",
      Expectation("TCP_RFC7323_TW_PAWS", 5, at: ["tcp_v4_rcv"], on: "tap0", "ipv4", "tcp")
    ) { lab in
      let (listener, device) = try lab.listener()
      var peer = TCPPeer(device, timestamp: 1_000_000)
      try peer.connect()
      try listener.acceptAndEnd(lab)
      try peer.receive("a FIN", .fin)
      peer.acknowledgement &+= 1
      try peer.send([.fin, .ack])
      peer.sequence &+= 1
      try lab.arm()
      peer.timestamp = 900_000
      try peer.send(.ack, data, count: 5)
    },
    Provocation(
      "tcp-route-lost", "a connection whose route is gone",
      // No IP header exists yet: protocol and addresses are the socket's.
      Expectation("IP_OUTNOROUTES", 5, at: ["__ip_queue_xmit"], in: .a, on: nil, nil, nil)
    ) { lab in
      let (a, b) = try lab.pair()
      let listener = try LabSocket(lab, b, .tcp).bind(.b, 8_080)
      try listener.listen()
      let clients = try (0..<5).map { _ in
        let client = try LabSocket(lab, a, .tcp)
        try client.connect(.b, 8_080)
        _ = try listener.accept(lab)
        return client
      }
      try a.ip("route flush 10.77.0.0/24")
      try lab.arm()
      // The first retransmission comes after 200 ms or more, when all is counted.
      // Without a route the smallest segments may be assumed (TCP_MIN_SND_MSS less timestamps is 36
      // bytes), or still those of the lost one: 20 bytes are one segment either way.
      for client in clients { client.send([UInt8](repeating: 0x78, count: 20)) }
    },
  ]

  private static let data = [UInt8](repeating: 0x78, count: 50)

  /// A case in which our own peer has an established connection to a kernel socket behind a TAP.
  private static func connected(
    _ name: String, _ summary: String, _ reason: String, _ count: Int, at sites: Set<String>,
    timestamp: UInt32? = nil,
    _ provoke: @escaping @Sendable (inout TCPPeer, () throws -> Void) throws -> Void
  ) -> Provocation {
    // The device is unknown: tcp_v4_rcv clears it once the socket is found.
    Provocation(
      name, summary, Expectation(reason, count, at: sites, on: nil, "ipv4", "tcp")
    ) { lab in
      let (listener, device) = try lab.listener()
      var peer = TCPPeer(device, timestamp: timestamp)
      try peer.connect()
      _ = try listener.accept(lab)
      try provoke(&peer) { try lab.arm() }
    }
  }
}

extension LabSocket {
  /// Takes a connection and closes it in good order, with a FIN.
  fileprivate func acceptAndEnd(_ lab: Lab) throws {
    let connection = try accept(lab)
    try connection.resetOnClose(false)
    connection.close()
  }
}

extension Lab {
  /// A TAP lab with a kernel listener on port 8080.
  func listener(backlog: CInt = 16) throws -> (listener: LabSocket, device: TapDevice) {
    let (b, device) = try tap()
    let listener = try LabSocket(self, b, .tcp).bind(.b, 8_080)
    try listener.listen(backlog: backlog)
    return (listener, device)
  }
}
