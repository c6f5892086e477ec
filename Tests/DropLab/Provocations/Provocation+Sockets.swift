import Glibc

extension Provocation {
  /// What UNIX sockets drop, and what closed sockets leave behind.
  static let sockets: [Provocation] = [
    Provocation(
      "unix-closed", "a UNIX datagram socket closed with messages unread",
      Expectation("SOCKET_CLOSE", 5, at: ["unix_release_sock"], on: nil, nil, nil)
    ) { lab in
      let sockets = try lab.unixSockets(2)
      try sockets[0].connect(abstract: lab.unixName(1))
      for _ in 0..<5 { sockets[0].send([1, 2, 3]) }
      try lab.arm()
      sockets[1].close()
    },
    Provocation(
      "unix-reconnected", "a UNIX datagram socket turns to another peer and loses its queue",
      Expectation("UNIX_DISCONNECT", 4, at: ["skb_queue_purge_reason"], on: nil, nil, nil)
    ) { lab in
      let sockets = try lab.unixSockets(3)
      try sockets[0].connect(abstract: lab.unixName(1))
      try sockets[1].connect(abstract: lab.unixName(0))
      for _ in 0..<4 { sockets[1].send([1, 2, 3]) }
      try lab.arm()
      try sockets[0].connect(abstract: lab.unixName(2))
    },
    Provocation(
      "udp-closed-unread", "a UDP socket closed with datagrams unread",
      // After an RCU grace period, in whatever runs then.
      Expectation("NOT_SPECIFIED", 10, at: ["udp_destruct_common"], in: nil, on: nil),
      timing: .elsewhere
    ) { lab in
      let (a, b) = try lab.pair()
      let reader = try LabSocket(lab, b, .udp).bind(.b, 9_000)
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try client.send(to: .b, 9_000, count: 10)
      try lab.arm()
      reader.close()
      lab.pause(milliseconds: 100)
    },
  ]
}

extension Lab {
  /// UNIX datagram sockets in a namespace b, bound to `unixName(0)` and on.
  fileprivate func unixSockets(_ count: Int) throws -> [LabSocket] {
    let b = try makeNamespace(.b)
    return try (0..<count).map { index in
      let socket = try LabSocket(self, b, .unixDatagram)
      try socket.bind(abstract: unixName(index))
      return socket
    }
  }

  /// An abstract name; they belong to the network namespace, so no two labs can clash.
  fileprivate func unixName(_ index: Int) -> String { "dwlab-\(index)" }
}
