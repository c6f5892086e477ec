import Glibc
import NetlinkLab
import Testing

@testable import Netlink

/// Requests and their answers, over a socket whose kernel is a script.
struct NetlinkConnectionTests {
  private static let done = ScriptedSocket.Event.answer(KernelMessages.acknowledgement)

  /// Two parts of a dump, with 1 and 2 as their commands.
  private static let parts = [UInt8](
    hex: """
      14000000 1000 0200 00000000 00000000 01 02 0000
      14000000 1000 0200 00000000 00000000 02 02 0000
      """)

  private static let end = [UInt8](hex: "14000000 0300 0200 00000000 00000000 00000000")

  /// An answer with another sequence number or port than the one that is due.
  private static func stranger(sequence: UInt8 = 1, port: [UInt8] = [0x92, 0x10]) -> [UInt8] {
    [20, 0, 0, 0, 16, 0, 0, 0, sequence, 0, 0, 0] + port + [0, 0, 66, 2, 0, 0]
  }

  @Test func `several messages in one datagram and an end in the next are one answer`() throws {
    #expect(try exchange(.answer(Self.parts), .answer(Self.end)) == [1, 2])
    #expect(try exchange(.answer(Self.parts + Self.parts + Self.end)) == [1, 2, 1, 2])
    #expect(try exchange(.answer(Self.parts), Self.done) == [1, 2])
  }

  @Test func `what stands behind the end is not looked at`() throws {
    #expect(try exchange(.answer(Self.parts + Self.end + [1, 2, 3])) == [1, 2])
  }

  @Test func `a message that does nothing is passed over`() throws {
    let nothing = [UInt8](hex: "10000000 0100 0000 00000000 00000000")
    #expect(try exchange(.answer(nothing + Self.parts), Self.done) == [1, 2])
  }

  @Test func `a late answer to a request that was given up is passed over`() throws {
    let late = ScriptedSocket.Event.datagram(Self.stranger(sequence: 0))
    #expect(try exchange(late, .answer(Self.parts), Self.done) == [1, 2])
  }

  @Test func `an answer to somebody else's port is passed over`() throws {
    let other = ScriptedSocket.Event.datagram(Self.stranger(port: [1, 0]))
    #expect(try exchange(other, .answer(Self.parts), Self.done) == [1, 2])
    #expect(try exchange(.datagram(Self.stranger()), Self.done) == [66], "this one is ours")
  }

  @Test func `a late refusal does not refuse the next request`() throws {
    // Its sequence number and port are those of another machine's exchange.
    #expect(try exchange(.datagram(KernelMessages.busy), Self.done).isEmpty)
  }

  @Test func `what an earlier exchange left over is not taken for an answer`() throws {
    let socket = ScriptedSocket(
      leftover: [
        .datagram(Self.stranger()), .failure(errno: ENOBUFS), .datagram([1, 2, 3]),
        .datagram([], isTruncated: true),
      ], [[.answer(Self.parts), Self.done]])
    #expect(try exchange(socket) == [1, 2])
  }

  @Test func `a request built before another one is still answered`() throws {
    let connection = NetlinkConnection(ScriptedSocket([[Self.done]]))
    let first = Self.request(connection)
    _ = Self.request(connection)
    #expect(try connection.request(first, operation: "ask").code == 0)
  }

  @Test func `a signal while waiting is not taken for silence`() throws {
    #expect(try exchange(.interruption, .answer(Self.parts), .interruption, Self.done) == [1, 2])
  }

  @Test func `silence ends with patience`() {
    let clock = ContinuousClock()
    let start = clock.now
    expect("cannot ask: the kernel did not answer", of: [])
    expect("cannot ask: the kernel did not answer", of: [.answer(Self.parts)])
    #expect(start.duration(to: clock.now) < .seconds(10))
  }

  @Test func `strangers do not prolong patience`() {
    let strangers = (0..<100).flatMap { _ in
      [ScriptedSocket.Event.datagram(Self.stranger(sequence: 0)), .interruption]
    }
    expect("cannot ask: the kernel did not answer", of: strangers)
  }

  @Test func `an answer that is cut off is refused`() {
    expect(
      "cannot understand a netlink message: the answer is longer than 40 bytes",
      of: [.datagram(Self.parts, isTruncated: true), Self.done])
  }

  @Test func `bytes that are no message are refused`() {
    expect(
      "cannot understand a netlink message: 3 bytes where a header of 16 is due",
      of: [.datagram([1, 2, 3])])
  }

  @Test func `lost answers are told, by the socket or by the kernel`() {
    let sentence = "cannot ask: the kernel's answer was lost for lack of room. Try again"
    expect(sentence, of: [.answer(Self.parts), .failure(errno: ENOBUFS), Self.done])
    expect(sentence, of: [.answer([UInt8](hex: "10000000 0400 0000 00000000 00000000"))])
  }

  @Test func `a failed system call is told with its own name`() {
    expect("cannot receive a netlink message: Bad file descriptor", of: [.failure(errno: EBADF)])
  }

  @Test func `a refusal has the kernel's sentence, if it has one`() {
    expect(
      """
      cannot ask: Device or resource busy (the kernel: drop_monitor: Cannot configure drop \
      monitor during monitoring)
      """, of: [.answer(KernelMessages.busy)])
    expect("cannot ask: Operation not supported", of: [.answer(KernelMessages.noSuchCommand)])
    let outOfMemory = [UInt8](hex: "14000000 0300 0200 00000000 00000000 f4ffffff")
    expect("cannot ask: Cannot allocate memory", of: [.answer(Self.parts + outOfMemory)])
  }

  @Test func `success with a warning returns it`() throws {
    let connection = NetlinkConnection(ScriptedSocket([[.answer(KernelMessages.alreadyOff)]]))
    let answer = try connection.request(Self.request(connection), operation: "ask")
    #expect(answer.code == 0)
    #expect(answer.sentence == "drop_monitor: Trace state already set to requested state")
  }

  @Test func `after an error of its reader the next request works`() throws {
    let socket = ScriptedSocket([
      [.answer(Self.parts), .answer(Self.parts), Self.done], [.answer(Self.parts), Self.done],
    ])
    let connection = NetlinkConnection(socket)
    #expect(throws: NetlinkError.malformed("enough")) {
      try connection.request(Self.request(connection), operation: "ask") {
        (_) throws(NetlinkError) in throw .malformed("enough")
      }
    }
    #expect(try commands(connection) == [1, 2])
  }

  @Test func `numbers of requests differ and are never 0`() {
    let connection = NetlinkConnection(ScriptedSocket([]))
    let numbers = (0..<1000).map { _ in connection.nextSequence() }
    #expect(Set(numbers).count == 1000)
    #expect(!numbers.contains(0))
  }

  private static func request(_ connection: NetlinkConnection) -> MessageWriter {
    MessageWriter(
      family: .controller, command: 3, flags: 5, sequence: connection.nextSequence())
  }

  private func commands(_ connection: NetlinkConnection) throws -> [UInt8?] {
    var commands: [UInt8?] = []
    try connection.request(Self.request(connection), operation: "ask") {
      commands.append($0.command)
    }
    return commands
  }

  private func exchange(_ socket: ScriptedSocket) throws -> [UInt8?] {
    try commands(NetlinkConnection(socket, patience: .seconds(20)))
  }

  private func exchange(_ events: ScriptedSocket.Event...) throws -> [UInt8?] {
    try exchange(ScriptedSocket([events]))
  }

  private func expect(
    _ sentence: String, of events: [ScriptedSocket.Event],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let connection = NetlinkConnection(ScriptedSocket([events]), patience: .milliseconds(30))
    let error = #expect(throws: NetlinkError.self, sourceLocation: sourceLocation) {
      try commands(connection)
    }
    #expect(error?.description == sentence, sourceLocation: sourceLocation)
  }
}
