import DropLab

extension FixCase {
  /// What TCP refuses, at a listener or in a connection.
  static let tcp: [FixCase] = [
    FixCase("TCP_LISTEN_OVERFLOW", "somaxconn") { lab in
      let traffic = try withEachListener(lab) { device, _, port in
        var peers = (UInt16(41_000)...41_003).map { TCPPeer(device, port: $0, kernelPort: port) }
        try peers[0].connect()
        try peers[1].connect()
        // Both begin before one ends: a SYN at a full queue would vanish without any event.
        try peers[2].open()
        try peers[3].open()
        try peers[2].send(.ack)
        try peers[3].send(.ack, count: 4)
      }
      try lab.namespace(.b)?.set("core/somaxconn", 2)
      return traffic
    },
    FixCase("TCP_RFC7323_TSECR", "tcp_timestamps=0") { lab in
      try withEachListener(lab) { device, _, port in
        var peer = TCPPeer(device, kernelPort: port, timestamp: 1_000_000)
        try peer.open()
        peer.echo &+= 1_000_000
        try peer.send(.ack, count: 4)
      }
    },
    FixCase("TCP_RFC7323_PAWS", "tcp_timestamps=0") { lab in
      try withEachListener(lab) { device, listener, port in
        var peer = TCPPeer(device, kernelPort: port, timestamp: 1_000_000)
        try peer.connect()
        _ = try listener.accept(lab)
        peer.timestamp = 900_000
        try peer.send([.ack, .psh], [1, 2, 3], count: 5)
      }
    },
    connected("TCP_INVALID_SYN") { try $0.send(.syn, count: 5) },
    connected("TCP_INVALID_SEQUENCE") { peer in
      try peer.send([.ack, .psh], [1, 2, 3], count: 5) { $0.sequence &+= 1_000_000 }
    },
    connected("TCP_ACK_UNSENT_DATA") { peer in
      try peer.send(.ack, count: 5) { $0.acknowledgement &+= 1_000 }
    },
  ]

  /// Traffic to a listener on a new port each time, as of a program that was restarted.
  private static func withEachListener(
    _ lab: Lab, _ body: @escaping (TapDevice, LabSocket, UInt16) throws -> Void
  ) throws -> Traffic {
    let (b, device) = try lab.tap()
    var port: UInt16 = 8_080
    return {
      port += 1
      let listener = try LabSocket(lab, b, .tcp).bind(.b, port)
      try listener.listen(backlog: 1000)
      try body(device, listener, port)
    }
  }

  /// Segments that an open connection refuses, until it is closed by ss(8).
  private static func connected(
    _ finding: String, _ send: @escaping @Sendable (TCPPeer) throws -> Void
  ) -> FixCase {
    FixCase(finding, "ss -tK") { lab in
      let (b, device) = try lab.tap()
      let listener = try LabSocket(lab, b, .tcp).bind(.b, 8_080)
      try listener.listen()
      var peer = TCPPeer(device)
      try peer.connect()
      _ = try listener.accept(lab)
      let connected = peer
      return { try send(connected) }
    }
  }
}
