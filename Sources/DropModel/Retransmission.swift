/// One direction of a TCP connection.
package struct TCPFlow: Hashable, Sendable {
  package var source: IPAddress
  package var destination: IPAddress
  package var sourcePort: UInt16
  package var destinationPort: UInt16

  package init(
    source: IPAddress, sourcePort: UInt16, destination: IPAddress, destinationPort: UInt16
  ) {
    self.source = source
    self.sourcePort = sourcePort
    self.destination = destination
    self.destinationPort = destinationPort
  }
}

/// A range of sequence numbers that TCP sent again.
package struct Retransmission: Equatable, Sendable {
  /// What it follows from, the weakest first.
  package enum Match: String, CaseIterable, Sendable {
    /// No drop of the flow is known on this machine.
    case none
    /// There are drops of the flow, but none of this range since it was last sent.
    case flow
    /// The receiver is on this machine and did not want the range: it had it, or had no room.
    case receiver
    /// The acknowledgement of the range was dropped on this machine.
    case acknowledgement
    /// A part of the range was dropped on this machine.
    case exact
  }

  /// The drop that the match is about; of `flow` the flow's latest.
  package struct Cause: Equatable, Sendable {
    /// Reason, site, namespace and device of the drop.
    package var key: DropKey
    /// How long before the retransmission it was.
    package var age: Duration

    package init(key: DropKey, age: Duration) {
      self.key = key
      self.age = age
    }
  }

  package var time: MonotonicTime
  /// As the sender sees it.
  package var flow: TCPFlow
  /// The first sequence number, and the one behind the last; SYN and FIN count as one each.
  package var start: UInt32
  package var end: UInt32
  /// As the wire carries it: what the kernel's counter TcpRetransSegs grew by.
  package var segments: UInt32
  /// Smoothed round-trip time; nil if there is none yet.
  package var roundTrip: Duration?
  /// The sending socket's namespace, and the device its route leaves by; 0 if it is not known.
  package var namespace: UInt32
  package var interfaceIndex: UInt32
  /// The errno that sending it again ended in; nil if it left, or the kernel does not tell.
  package var error: Int32?
  /// As in tcp_states.h: 1 is ESTABLISHED, 2 SYN_SENT.
  package var state: UInt8
  /// Whether it is the answer to a SYN, before there is a socket.
  package var isHandshakeAnswer: Bool
  package var match: Match
  /// nil if there is none.
  package var cause: Cause?
  /// How many segments of the flow, and how many acknowledgements of it, were dropped here so far.
  package var flowDrops: UInt64
  package var acknowledgementDrops: UInt64

  package init(
    time: MonotonicTime, flow: TCPFlow, start: UInt32, end: UInt32, segments: UInt32 = 1,
    roundTrip: Duration? = nil, namespace: UInt32 = 0, interfaceIndex: UInt32 = 0,
    error: Int32? = nil, state: UInt8 = 1, isHandshakeAnswer: Bool = false,
    match: Match = .none, cause: Cause? = nil, flowDrops: UInt64 = 0,
    acknowledgementDrops: UInt64 = 0
  ) {
    self.time = time
    self.flow = flow
    self.start = start
    self.end = end
    self.segments = segments
    self.roundTrip = roundTrip
    self.namespace = namespace
    self.interfaceIndex = interfaceIndex
    self.error = error
    self.state = state
    self.isHandshakeAnswer = isHandshakeAnswer
    self.match = match
    self.cause = cause
    self.flowDrops = flowDrops
    self.acknowledgementDrops = acknowledgementDrops
  }

  /// The place that its route leaves by, as a key that only names it.
  package var route: DropKey {
    DropKey(site: 0, namespace: namespace, interfaceIndex: interfaceIndex)
  }
}
