import Glibc

/// UDP_SEGMENT datagrams, of which each send is one skb that carries several segments.
package struct GSOFlood {
  /// Where the datagrams are dropped, which decides how many drops one send is.
  package enum Target: Sendable {
    /// A closed port: the skb is dropped whole, one NO_SOCKET drop per send.
    case closedPort
    /// A full socket with UDP_GRO: whole as well, one SOCKET_RCVBUFF drop per send.
    case fullSocketWithGRO
    /// A full socket without UDP_GRO: the kernel splits the skb, one drop per segment.
    case fullSocket
  }

  /// Segments per send.
  package let segments: Int
  /// Bytes of user data in a segment.
  package let segmentSize: Int
  /// The drop reason that each skb meets.
  package var reason: String {
    if case .closedPort = target { "NO_SOCKET" } else { "SOCKET_RCVBUFF" }
  }

  private let target: Target
  private let receiver: LabNamespace
  private let client: LabSocket

  /// Prepares the flood over a lab's pair.
  ///
  /// `segments` is at most 64 (UDP_MAX_SEGMENTS before Linux 6.10) and a send at most 64 KiB.
  package init(_ lab: Lab, _ target: Target, segments: Int = 16, segmentSize: Int = 1000) throws {
    guard let sender = lab.namespace(.a), let receiver = lab.namespace(.b) else {
      throw LabError("a GSO flood wants a lab with a pair")
    }
    guard (2...64).contains(segments), segments * segmentSize <= 65_000 else {
      throw LabError("\(segments) segments of \(segmentSize) bytes do not fit one send")
    }
    self.segments = segments
    self.segmentSize = segmentSize
    self.target = target
    self.receiver = receiver
    client = try LabSocket(lab, sender, .udp).bind(.a, 40_000)
    if case .closedPort = target {
    } else {
      let reader = try LabSocket(lab, receiver, .udp).option(SOL_SOCKET, SO_RCVBUF, 4096)
      // UDP_GRO (104) at level SOL_UDP (17).
      if case .fullSocketWithGRO = target { try reader.option(17, 104, 1) }
      try reader.bind(.b, 9_000)
      // Full before the counting begins, first without segments, so that none fits in later.
      try client.send(to: .b, 9_000, size: 1000, count: 50)
    }
    // UDP_SEGMENT (103).
    try client.option(17, 103, CInt(segmentSize))
  }

  /// Drops that `count` sends become.
  package func expectedDrops(sends count: Int) -> Int {
    if case .fullSocket = target { count * segments } else { count }
  }

  /// Sends `count` times and returns when all is dropped.
  ///
  /// `counted` is the protocol's own counter, in which a whole skb is one.
  package func run(sends count: Int) throws -> Flood {
    let field = if case .closedPort = target { "NoPorts" } else { "RcvbufErrors" }
    let counter = KernelCounter.protocolField("Udp", field)
    let before = try counter.read(in: receiver)
    let clock = ContinuousClock()
    let start = clock.now
    try client.send(to: .b, 9_000, size: segments * segmentSize, count: count)
    let elapsed = clock.now - start
    let counted = try counter.read(in: receiver) - before
    return Flood(
      requested: expectedDrops(sends: count), counted: counted, segments: count * segments,
      elapsed: elapsed)
  }
}
