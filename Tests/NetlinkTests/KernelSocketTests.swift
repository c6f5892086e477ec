import Glibc
import Testing

@testable import Netlink

/// The kernel itself, which need not be asked as root.
struct KernelSocketTests {
  @Test func `the family of families is found`() throws {
    let family = try GenericFamily(
      named: "nlctrl", over: NetlinkConnection(KernelSocket(.generic)))
    #expect(family.number == GenericFamily.controller.number)
    #expect(family.groups.keys.contains("notify"))
    let reply = family.reply
    #expect(try Decoded.family(reply) == family)
  }

  @Test func `a family that no kernel has is not`() throws {
    let connection = NetlinkConnection(try KernelSocket(.generic))
    let error = #expect(throws: NetlinkError.noFamily("NO_SUCH_FAMILY")) {
      try GenericFamily(named: "NO_SUCH_FAMILY", over: connection)
    }
    #expect(error?.description == "the kernel has no netlink family NO_SUCH_FAMILY")
  }

  @Test func `the kernel's refusal of an unknown command is a sentence`() throws {
    let connection = NetlinkConnection(try KernelSocket(.generic))
    let request = MessageWriter(
      family: .controller, command: 99, flags: 5, sequence: connection.nextSequence())
    let error = #expect(throws: NetlinkError.self) {
      try connection.request(request, operation: "ask for the impossible")
    }
    #expect(error?.code == EOPNOTSUPP)
    #expect(error?.description == "cannot ask for the impossible: Operation not supported")
  }

  @Test func `the kernel says which attribute it does not like, and why`() throws {
    let connection = NetlinkConnection(try KernelSocket(.generic))
    var request = MessageWriter(
      family: .controller, command: 3, flags: 5, sequence: connection.nextSequence())
    // The family's name, which must end and be short.
    request.attribute(2, text: String(repeating: "x", count: 100))
    let error = #expect(throws: NetlinkError.self) {
      try connection.request(request, operation: "look up a long name")
    }
    #expect(error?.code == ERANGE || error?.code == EINVAL)
    // From 4.12 on.
    #expect(error?.description.contains("(the kernel: ") == true)
  }

  @Test func `every part of the dump of all families is read to its end`() throws {
    let connection = NetlinkConnection(try KernelSocket(.generic))
    let request = MessageWriter(
      family: .controller, command: 3,
      flags: MessageHeader.Flag.request | MessageHeader.Flag.dump,
      sequence: connection.nextSequence())
    var names: [String] = []
    try connection.request(request, operation: "list all families") {
      (message) throws(NetlinkError) in names.append(try GenericFamily(message).name)
    }
    #expect(names.contains("nlctrl"))
    #expect(names.count > 1)
  }
}
