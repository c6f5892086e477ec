/// A TCP endpoint of our own behind a TAP device, every segment of which is under our control.
package struct TCPPeer {
  /// What a received segment carried in its header.
  package struct Answer: Sendable {
    /// Its control bits.
    package let flags: TCPSegment.Flags
    /// Its sequence number.
    package let sequence: UInt32
    /// Its acknowledgement number.
    package let acknowledgement: UInt32
    /// Its window, unscaled.
    package let window: UInt16
    /// The kernel's timestamp, if the option was there.
    package let timestamp: UInt32?
  }

  /// Our next sequence number.
  package var sequence: UInt32 = 1_000
  /// The kernel's next sequence number, as far as we acknowledge.
  package var acknowledgement: UInt32 = 0
  /// Our timestamp; nil leaves the option out.
  package var timestamp: UInt32?
  /// The kernel's last timestamp, echoed by us.
  package var echo: UInt32 = 0

  private let device: TapDevice
  private let ports: (own: UInt16, kernel: UInt16)

  /// An endpoint at `IPAddress.a` with a port of its own, facing a port of the kernel.
  package init(
    _ device: TapDevice, port: UInt16 = 41_000, kernelPort: UInt16 = 8_080, timestamp: UInt32? = nil
  ) {
    self.device = device
    ports = (port, kernelPort)
    self.timestamp = timestamp
  }

  /// The segment that fits the connection, changed by `adjust`.
  package func segment(
    _ flags: TCPSegment.Flags, _ payload: [UInt8] = [],
    _ adjust: (inout TCPSegment) -> Void = { _ in }
  ) -> TCPSegment {
    TCPSegment(flags) {
      $0.sourcePort = ports.own
      $0.destinationPort = ports.kernel
      $0.sequence = sequence
      $0.acknowledgement = flags.contains(.ack) ? acknowledgement : 0
      if let timestamp { $0.options = TCPSegment.timestamps(timestamp, echo: echo) }
      $0.payload = payload
      adjust(&$0)
    }
  }

  /// Lets the kernel receive such a segment `count` times.
  package func send(
    _ flags: TCPSegment.Flags, _ payload: [UInt8] = [], count: Int = 1,
    _ adjust: (inout TCPSegment) -> Void = { _ in }
  ) throws {
    try device.write(segment(flags, payload, adjust).frame, count: count)
  }

  /// Opens a connection to a kernel listener; established when this returns.
  package mutating func connect() throws {
    try open()
    try send(.ack)
  }

  /// Begins a connection: SYN and SYN-ACK, but not yet the ACK that ends the handshake.
  package mutating func open() throws {
    try send(.syn)
    try receive("a SYN-ACK", [.syn, .ack])
    sequence += 1
  }

  /// Answers the kernel's own connect(2) to us; established when this returns.
  package mutating func accept() throws {
    try receive("a SYN", .syn)
    try send([.syn, .ack])
    sequence += 1
    try receive("an ACK", .ack)
  }

  /// Takes the next segment of this connection, which must carry `flags`.
  @discardableResult
  package mutating func receive(_ what: String, _ flags: TCPSegment.Flags) throws -> Answer {
    guard let answer = try next() else { throw LabError("\(what) did not come") }
    guard answer.flags.isSuperset(of: flags) else {
      throw LabError("\(what) expected, flags \(answer.flags.rawValue) came")
    }
    if answer.flags.contains(.syn) { acknowledgement = answer.sequence &+ 1 }
    if let timestamp = answer.timestamp { echo = timestamp }
    return answer
  }

  private func next() throws -> Answer? {
    for _ in 0..<32 {
      guard let frame = try device.read() else { return nil }
      guard frame.count >= 54, frame[12] == 8, frame[13] == 0, frame[23] == 6 else { continue }
      let tcp = 14 + Int(frame[14] & 15) * 4
      guard frame.count >= tcp + 20 else { continue }
      func field(_ offset: Int) -> UInt32 {
        UInt32(frame[tcp + offset]) << 8 | UInt32(frame[tcp + offset + 1])
      }
      guard field(0) == ports.kernel, field(2) == ports.own else { continue }
      return Answer(
        flags: TCPSegment.Flags(rawValue: frame[tcp + 13]),
        sequence: field(4) << 16 | field(6),
        acknowledgement: field(8) << 16 | field(10),
        window: UInt16(field(14)),
        timestamp: timestamp(
          in: Array(frame[(tcp + 20)...].prefix(Int(frame[tcp + 12] >> 4) * 4 - 20))))
    }
    return nil
  }

  private func timestamp(in options: [UInt8]) -> UInt32? {
    var rest = options[...]
    while let kind = rest.first, kind != 0 {
      guard kind != 1 else {
        rest = rest.dropFirst()
        continue
      }
      guard let length = rest.dropFirst().first, length >= 2 else { return nil }
      if kind == 8, rest.count >= 10 {
        return rest.dropFirst(2).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
      }
      rest = rest.dropFirst(Int(length))
    }
    return nil
  }
}
