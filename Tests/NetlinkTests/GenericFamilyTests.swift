import Glibc
import NetlinkLab
import Testing

@testable import Netlink

/// Families of generic netlink, from the controller's answer.
struct GenericFamilyTests {
  @Test func `a kernel's answer tells number, version and groups, and is kept as it came`() throws {
    #expect(
      try Decoded.family(KernelMessages.family)
        == GenericFamily(
          name: "NET_DM", number: 32, version: 2, groups: ["events": 1],
          reply: KernelMessages.family))
  }

  @Test func `a group that is not there is told by name`() throws {
    let family = try Decoded.family(KernelMessages.family)
    #expect(try family.group("events") == 1)
    let error = #expect(throws: NetlinkError.noGroup("packets", family: "NET_DM")) {
      try family.group("packets")
    }
    #expect(
      error?.description == "the netlink family NET_DM has no multicast group packets")
  }

  @Test func `a family without groups has none`() throws {
    var bytes = Array(KernelMessages.family.dropLast(28))
    bytes[0] -= 28
    let family = try Decoded.family(bytes)
    #expect(family.number == 32)
    #expect(family.groups.isEmpty)
  }

  @Test(arguments: [
    ("no attributes", ""), ("only a name", "0b00 0200 4e45545f444d00 00"),
    ("the number 0", "0600 0100 0000 0000"), ("a control message's", "0600 0100 0400 0000"),
    ("a number of four bytes", "0800 0100 20000000"), ("an empty one", "0400 0100"),
  ])
  func `a family without a number is refused`(what: String, attributes: String) {
    let attributes = [UInt8](hex: attributes)
    let header = [UInt8](hex: "1000 0000 01000000 8c000000 01 02 0000")
    let bytes = [UInt8(20 + attributes.count), 0, 0, 0] + header + attributes
    #expect(throws: NetlinkError.self, "\(what)") { try Decoded.family(bytes) }
  }

  @Test func `a group without name or number is none`() throws {
    let bytes = [UInt8](
      hex: """
        34000000 1000 0000 01000000 8c000000 01 02 0000
        0600 0100 2000 0000
        1800 0700
        0c00 0100 0800 0200 01000000           // a number
        0800 0200 0400 0100                    // an empty name
        """)
    #expect(try Decoded.family(bytes).groups.isEmpty)
  }

  @Test func `every answer cut short is refused, or tells only of what is there`() throws {
    let whole = try Decoded.family(KernelMessages.family)
    var understood = 0
    for length in 0..<KernelMessages.family.count {
      var bytes = Array(KernelMessages.family.prefix(length))
      // Once as it is, and once as a message of that length.
      #expect(throws: NetlinkError.self) { try Decoded.family(bytes) }
      guard length > 0 else { continue }
      bytes[0] = UInt8(length)
      guard let family = try? Decoded.family(bytes) else { continue }
      understood += 1
      #expect(family.number == whole.number)
      #expect(family.groups.isEmpty || family.groups == whole.groups)
      #expect(family.reply == bytes)
    }
    // Behind the number, at the ends of attributes and within the last one's padding.
    #expect((5...12).contains(understood))
  }

  @Test func `a look-up asks the controller for the name and takes the answer`() throws {
    let socket = ScriptedSocket([
      [.answer(KernelMessages.family), .answer(KernelMessages.acknowledgement)]
    ])
    let family = try GenericFamily(named: "NET_DM", over: NetlinkConnection(socket))
    #expect(family.number == 32)
    #expect(
      socket.sent == [
        [UInt8](
          hex: """
            20000000 1000 0500 01000000 00000000  // nlctrl, NLM_F_REQUEST | NLM_F_ACK
            03 02 0000                            // CTRL_CMD_GETFAMILY
            0b00 0200 4e45545f444d00 00
            """)
      ])
  }

  @Test(arguments: [
    ("ENOENT", [ScriptedSocket.Event.answer(KernelMessages.noSuchFamily)]),
    ("an acknowledgement alone", [.answer(KernelMessages.acknowledgement)]),
    (
      "another family",
      [.answer(KernelMessages.family), .answer(KernelMessages.acknowledgement)]
    ),
  ])
  func `a family that is not there is told by name`(
    what: String, answers: [ScriptedSocket.Event]
  ) {
    let connection = NetlinkConnection(ScriptedSocket([answers]))
    #expect(throws: NetlinkError.noFamily("TASKSTATS"), "\(what)") {
      try GenericFamily(named: "TASKSTATS", over: connection)
    }
  }

  @Test func `a look-up that is not permitted says so`() {
    let connection = NetlinkConnection(
      ScriptedSocket([[.answer(KernelMessages.notPermitted)]]))
    let error = #expect(throws: NetlinkError.self) {
      try GenericFamily(named: "NET_DM", over: connection)
    }
    #expect(
      error?.description == "cannot look up the netlink family NET_DM: Operation not permitted")
    #expect(error?.isPermission == true)
  }
}
