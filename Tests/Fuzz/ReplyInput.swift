@testable internal import DropSources
internal import Netlink
internal import NetlinkLab

/// What a kernel answers to the drop monitor's questions.
enum ReplyInput {
  static func read(_ bytes: [UInt8]) {
    // The answer as it is, then once more with the right numbers, then the end of every exchange.
    let answers: [ScriptedSocket.Event] = [
      .datagram(bytes), .answer(bytes), .answer(KernelMessages.acknowledgement),
    ]
    let socket = ScriptedSocket(Array(repeating: answers, count: 4))
    let connection = NetlinkConnection(socket)
    let family = GenericFamily(name: "NET_DM", number: 32, version: 2, groups: [:])
    let control = DropMonitorControl(family: family, connection: connection)
    _ = try? control.configuration()
    _ = try? control.statistics()
    _ = try? control.stop(software: true, hardware: false)
    if let found = try? GenericFamily(named: "NET_DM", over: connection) {
      expect(found.name == "NET_DM", "the family that was found is the one that was looked up")
    }
    expect(socket.sent.count == 4, "every question was asked once")
  }
}
