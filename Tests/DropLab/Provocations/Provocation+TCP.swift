import Glibc

extension Provocation {
  /// What TCP drops, in the order of a connection's life.
  static let tcp: [Provocation] = unconnected + listening + established + closing

  /// Segments that belong to no connection.
  private static let unconnected: [Provocation] = [
    Provocation(
      "tcp-closed-port", "connections to a port that nobody listens on",
      Expectation("NO_SOCKET", 15, at: ["tcp_v4_rcv"], "ipv4", "tcp")
    ) { lab in
      let (a, _) = try lab.pair()
      let clients = try (0..<15).map { _ in try LabSocket(lab, a, .tcp) }
      try lab.arm()
      for client in clients { try client.connect(.b, 8_081) }
    },
    Provocation(
      "tcp6-closed-port", "connections over IPv6 to a port that nobody listens on",
      Expectation("NO_SOCKET", 10, at: ["tcp_v6_rcv"], "ipv6", "tcp")
    ) { lab in
      let (a, _) = try lab.pair(ipv6: true)
      let clients = try (0..<10).map { _ in try LabSocket(lab, a, .tcp, ipv6: true) }
      try lab.arm()
      for client in clients { try client.connect(.b6, 8_081) }
    },
    Provocation(
      "tcp-bad-checksum", "a segment with a wrong checksum",
      Expectation("TCP_CSUM", 11, at: ["tcp_v4_rcv"], "ipv4", "tcp")
    ) { try $0.inject(TCPSegment(.syn) { $0.claimedChecksum = 0xDEAD }.frame, count: 11) },
    Provocation(
      "tcp-short-header", "a segment that claims a header of 16 bytes",
      Expectation("PKT_TOO_SMALL", 6, at: ["tcp_v4_rcv"], "ipv4", "tcp")
    ) { try $0.inject(TCPSegment(.syn) { $0.claimedHeaderWords = 4 }.frame, count: 6) },
  ]

  /// Segments that a listener refuses.
  private static let listening: [Provocation] = [
    Provocation(
      "tcp-syn-fin", "SYN and FIN in one segment to a listener",
      Expectation("TCP_FLAGS", 6, at: ["tcp_rcv_state_process"], on: nil, "ipv4", "tcp")
    ) { try $0.listen(TCPSegment([.syn, .fin]).frame, count: 6) },
    Provocation(
      "tcp-stray-ack", "an ACK of no connection to a listener",
      Expectation("TCP_FLAGS", 7, at: ["tcp_v4_do_rcv"], on: nil, "ipv4", "tcp"),
      // The listener's RST, which finds no socket at the sender.
      Expectation("NO_SOCKET", 7, at: ["tcp_v4_rcv"], in: .a, on: "va", "ipv4", "tcp")
    ) { try $0.listen(TCPSegment(.ack).frame, count: 7) },
    Provocation(
      "tcp-stray-reset", "an RST to a listener",
      Expectation("TCP_RESET", 5, at: ["tcp_rcv_state_process"], on: nil, "ipv4", "tcp")
    ) { try $0.listen(TCPSegment(.rst).frame, count: 5) },
    Provocation(
      "tcp-minimum-ttl", "a segment from too far for a listener with IP_MINTTL",
      Expectation("TCP_MINTTL", 5, at: ["tcp_v4_rcv"], "ipv4", "tcp")
    ) { lab in
      // IP_MINTTL (21) at level IPPROTO_IP (0).
      try lab.listen(TCPSegment(.syn).frame, count: 5) { try $0.option(0, 21, 255) }
    },
    Provocation(
      "tcp-socket-filter", "a listener whose classic BPF filter accepts nothing",
      Expectation("SOCKET_FILTER", 6, at: ["tcp_v4_rcv"], "ipv4", "tcp")
    ) { lab in
      try lab.listen(TCPSegment(.syn).frame, count: 6) { try $0.rejectAll() }
    },
    Provocation(
      "tcp-md5-missing", "an unsigned segment to a listener that wants signatures",
      Expectation("TCP_MD5NOTFOUND", 5, at: ["tcp_v4_rcv"], "ipv4", "tcp")
    ) { lab in
      try lab.listen(TCPSegment(.syn).frame, count: 5) { try $0.requireSignature(of: .a) }
    },
    Provocation(
      "tcp-md5-wrong", "a wrongly signed segment to a listener that wants signatures",
      Expectation("TCP_MD5FAILURE", 5, at: ["tcp_v4_rcv"], "ipv4", "tcp")
    ) { lab in
      try lab.listen(signed.frame, count: 5) { try $0.requireSignature(of: .a) }
    },
    Provocation(
      "tcp-md5-unexpected", "a signed segment to a listener that wants other peers' signatures",
      Expectation("TCP_MD5UNEXPECTED", 5, at: ["tcp_v4_rcv"], "ipv4", "tcp")
    ) { lab in
      try lab.listen(signed.frame, count: 5) { try $0.requireSignature(of: "10.77.0.9") }
    },
    Provocation(
      "tcp-signed-twice", "a segment with two signature options",
      Expectation("TCP_AUTH_HDR", 4, at: ["tcp_v4_rcv"], "ipv4", "tcp")
    ) { lab in
      try lab.listen(TCPSegment(.syn) { $0.options = signature + signature }.frame, count: 4)
    },
    Provocation(
      "tcp-accept-queue-full", "the last ACK of a handshake when nobody accepts",
      Expectation("TCP_LISTEN_OVERFLOW", 4, at: ["tcp_v4_rcv"], on: "tap0", "ipv4", "tcp")
    ) { lab in
      // A backlog of n takes n + 1 connections, and n handshakes at a time without cookies.
      let (_, device) = try lab.listener(backlog: 2)
      var peers = (UInt16(41_000)...41_003).map { TCPPeer(device, port: $0) }
      try peers[0].connect()
      try peers[1].connect()
      // Both begin before one ends: a SYN at a full queue would vanish without any event.
      try peers[2].open()
      try peers[3].open()
      try peers[2].send(.ack)
      try lab.arm()
      try peers[3].send(.ack, count: 4)
    },
    Provocation(
      "tcp-cookie-queue-full", "a good SYN cookie comes back when nobody accepts",
      Expectation("NO_SOCKET", 4, at: ["cookie_v4_check"], on: nil, "ipv4", "tcp")
    ) { lab in
      // A backlog of zero answers every SYN with a cookie.
      let (_, device) = try lab.listener(backlog: 0)
      var peers = (UInt16(41_000)...41_001).map { TCPPeer(device, port: $0) }
      try peers[0].open()
      try peers[1].open()
      try peers[0].send(.ack)
      try lab.arm()
      try peers[1].send(.ack, count: 4)
    },
    Provocation(
      "tcp-handshake-echo", "the last ACK of a handshake echoes a timestamp never sent",
      Expectation("TCP_RFC7323_TSECR", 4, at: ["tcp_v4_rcv"], on: "tap0", "ipv4", "tcp")
    ) { lab in
      let (_, device) = try lab.listener()
      var peer = TCPPeer(device, timestamp: 1_000_000)
      try peer.open()
      peer.echo &+= 1_000_000
      try lab.arm()
      try peer.send(.ack, count: 4)
    },
    Provocation(
      "tcp-handshake-window", "the last ACK of a handshake lies far beyond the window",
      Expectation("TCP_OVERWINDOW", 4, at: ["tcp_v4_rcv"], on: "tap0", "ipv4", "tcp")
    ) { lab in
      let (_, device) = try lab.listener()
      var peer = TCPPeer(device)
      try peer.open()
      try lab.arm()
      try peer.send(.ack, count: 4) { $0.sequence &+= 1_000_000 }
    },
    Provocation(
      "tcp-handshake-answer", "a SYN-ACK that acknowledges what we never sent",
      Expectation("TCP_INVALID_ACK_SEQUENCE", 5, at: ["tcp_v4_do_rcv"], on: nil, "ipv4", "tcp")
    ) { lab in
      let (b, device) = try lab.tap()
      let client = try LabSocket(lab, b, .tcp).bind(.b, 8_080)
      try client.connect(.a, 41_000)
      var peer = TCPPeer(device)
      try peer.receive("a SYN", .syn)
      try lab.arm()
      try peer.send([.syn, .ack], count: 5) { $0.acknowledgement &+= 1_000 }
    },
  ]

  /// A SYN with a signature of zeros.
  private static let signed = TCPSegment(.syn) { $0.options = signature }
  private static let signature: [UInt8] = [19, 18] + [UInt8](repeating: 0, count: 16)
}

extension Lab {
  /// Arms and lets a listener on port 8080, adjusted first, receive copies of one frame.
  fileprivate func listen(
    _ frame: [UInt8], count: Int, _ adjust: (LabSocket) throws -> Void = { _ in }
  ) throws {
    let (a, b) = try pair()
    let listener = try LabSocket(self, b, .tcp).bind(.b, 8_080)
    try adjust(listener)
    try listener.listen()
    let sender = try PacketSender(self, a, "va")
    try arm()
    try sender.send(frame, count: count)
  }
}
