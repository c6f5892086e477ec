import Glibc
import Netlink
import NetlinkLab
import Testing

@testable import DropSources

/// The drop monitor's commands, over a socket whose kernel is a script.
struct DropMonitorControlTests {
  private static let done = ScriptedSocket.Event.answer(KernelMessages.acknowledgement)

  private static func control(_ socket: ScriptedSocket) -> DropMonitorControl {
    DropMonitorControl(
      family: GenericFamily(name: "NET_DM", number: 32, version: 2, groups: ["events": 1]),
      connection: NetlinkConnection(socket, patience: .milliseconds(50)))
  }

  private static func control(_ events: ScriptedSocket.Event...) -> DropMonitorControl {
    control(ScriptedSocket([events]))
  }

  @Test func `requests have the bytes that the kernel expects`() throws {
    let socket = ScriptedSocket(Array(repeating: [Self.done], count: 4))
    let control = Self.control(socket)
    try control.start(software: true, hardware: false)
    try control.stop(software: true, hardware: true)
    try control.configure(.init(alertMode: .packet, truncation: 96, queueLength: 4096))
    _ = try control.configuration()
    #expect(
      socket.sent == [
        [UInt8](hex: "18000000 2000 0500 01000000 00000000 03 02 0000 0400 1400"),
        [UInt8](hex: "1c000000 2000 0500 02000000 00000000 04 02 0000 0400 1400 0400 1500"),
        [UInt8](
          hex: """
            2c000000 2000 0500 03000000 00000000 02 02 0000
            0500 0100 01 000000                   // alert mode: packets
            0800 0900 60000000                    // bytes of each
            0800 0b00 00100000                    // queue
            """),
        [UInt8](hex: "14000000 2000 0500 04000000 00000000 06 02 0000"),
      ])
  }

  @Test func `a configuration is read as the kernel tells it`() throws {
    let control = Self.control(.answer(KernelMessages.configuration), Self.done)
    #expect(try control.configuration() == DropMonitorOptions.Configuration())
    var other = KernelMessages.configuration
    other[24] = 1
    other[32] = 96
    other[41] = 0x10
    let found = try Self.control(.answer(other), Self.done).configuration()
    #expect(found == .init(alertMode: .packet, truncation: 96, queueLength: 0x10E8))
  }

  @Test func `an alert mode that nobody knows is refused`() {
    var bytes = KernelMessages.configuration
    bytes[24] = 7
    #expect(
      throws: NetlinkError.malformed("the drop monitor's alert mode 7 is unknown")
    ) {
      try Self.control(.answer(bytes), Self.done).configuration()
    }
  }

  @Test func `statistics are read, 64 bits of each`() throws {
    let control = Self.control(.answer(KernelMessages.statistics), Self.done)
    #expect(try control.statistics() == .init(software: 3, hardware: 7))
    var largest = KernelMessages.statistics
    largest.replaceSubrange(28..<36, with: Array(repeating: 0xFF, count: 8))
    #expect(
      try Self.control(.answer(largest), Self.done).statistics()
        == .init(software: .max, hardware: 7))
  }

  /// The sum of the two did not fit and ended the program: found by the fuzzer.
  @Test func `statistics that are told twice are not added`() throws {
    var twice = KernelMessages.statistics
    twice.replaceSubrange(28..<36, with: Array(repeating: 0xFF, count: 8))
    twice[38] = 0x0C
    #expect(
      try Self.control(.answer(twice), Self.done).statistics() == .init(software: 7, hardware: 0))
  }

  @Test func `a kernel that has no such questions yet is taken as it always was`() throws {
    let refused = ScriptedSocket.Event.answer(KernelMessages.noSuchCommand)
    #expect(try Self.control(refused).configuration() == .init())
    #expect(try Self.control(refused).statistics() == .init())
  }

  @Test(arguments: [KernelMessages.configuration, KernelMessages.statistics])
  func `every answer cut short is refused, or has lost whole attributes`(whole: [UInt8]) throws {
    for length in 16..<whole.count {
      let cut = ScriptedSocket.Event.answer([UInt8(length)] + whole[1..<length])
      if let found = try? Self.control(cut, Self.done).configuration() {
        #expect([0, 1000].contains(found.queueLength), "\(length) bytes")
      }
      if let found = try? Self.control(cut, Self.done).statistics() {
        #expect([0, 3].contains(found.software) && found.hardware == 0, "\(length) bytes")
      }
      // Without its length put right it is no message at all.
      let torn = ScriptedSocket.Event.answer(Array(whole.prefix(length)))
      #expect(throws: NetlinkError.self) { try Self.control(torn, Self.done).statistics() }
    }
  }

  /// What users see: the kernel's refusals, as a sentence that says what to do where that is known.
  @Test(arguments: [
    (
      KernelMessages.alreadyOn,
      """
      cannot start the kernel's drop monitor: Resource temporarily unavailable (the kernel: \
      drop_monitor: Trace state already set to requested state)
      """
    ),
    (
      KernelMessages.busy,
      """
      cannot start the kernel's drop monitor: Device or resource busy (the kernel: drop_monitor: \
      Cannot configure drop monitor during monitoring)
      """
    ),
    (
      KernelMessages.notPermitted,
      """
      cannot start the kernel's drop monitor: Operation not permitted. Run as root, or grant \
      CAP_NET_ADMIN and CAP_SYS_ADMIN, which NET_DM needs
      """
    ),
    (
      KernelMessages.noSuchFamily,
      """
      unable to find the NET_DM family: this kernel has no drop_monitor \
      (CONFIG_NET_DROP_MONITOR), its module cannot be loaded (try modprobe drop_monitor), or \
      this is not the initial network namespace
      """
    ),
  ])
  func `a refusal is a sentence`(answer: [UInt8], sentence: String) {
    let error = #expect(throws: NetlinkError.self) {
      try Self.control(.answer(answer)).start(software: true, hardware: false)
    }
    #expect(error.map { "\(SourceError($0))" } == sentence)
  }

  @Test func `a refusal keeps its kind`() {
    func refusal(_ answer: [UInt8]) -> NetlinkError? {
      #expect(throws: NetlinkError.self) {
        try Self.control(.answer(answer)).configure(.init())
      }
    }
    #expect(refusal(KernelMessages.busy)?.code == EBUSY)
    #expect(refusal(KernelMessages.alreadyOn)?.code == EAGAIN)
    #expect(refusal(KernelMessages.notPermitted)?.isPermission == true)
    #expect(refusal(KernelMessages.noSuchFamily) == .noFamily("NET_DM"))
  }

  /// Kernels from 5.4 on answer STOP with success and a warning; before that, with EAGAIN.
  @Test func `stopping a monitor that somebody else has stopped says so on every kernel`() {
    for answer in [KernelMessages.alreadyOff, KernelMessages.alreadyOn] {
      let error = #expect(throws: NetlinkError.self) {
        try Self.control(.answer(answer)).stop(software: true, hardware: false)
      }
      #expect(error?.code == EAGAIN)
      #expect(error?.description.contains("already set to requested state") == true)
    }
    #expect(throws: Never.self) {
      try Self.control(Self.done).stop(software: true, hardware: false)
    }
  }

  @Test(arguments: [
    ("silence", [], "the kernel did not answer"),
    ("a loss", [ScriptedSocket.Event.failure(errno: ENOBUFS)], "was lost for lack of room"),
    ("a torn answer", [.answer([1, 2, 3])], "cannot understand a netlink message"),
  ])
  func `no answer and a bad one are told`(
    what: String, answer: [ScriptedSocket.Event], words: String
  ) {
    let error = #expect(throws: NetlinkError.self, "\(what)") {
      try Self.control(ScriptedSocket([answer])).statistics()
    }
    #expect(error?.description.contains(words) == true, "\(what)")
  }
}
