internal import Bytes
internal import Glibc

/// A family of generic netlink, as the kernel's controller knows it: `CTRL_CMD_GETFAMILY` in
/// linux/genetlink.h, Documentation/userspace-api/netlink/intro.rst.
package struct GenericFamily: Equatable, Sendable {
  package var name: String
  /// The type of its messages.
  package var number: UInt16
  package var version: UInt32
  /// The numbers of its multicast groups.
  package var groups: [String: UInt32]
  /// The answer of the kernel that told all this: a whole message, as received.
  package var reply: [UInt8]

  package init(
    name: String, number: UInt16, version: UInt32, groups: [String: UInt32], reply: [UInt8] = []
  ) {
    self.name = name
    self.number = number
    self.version = version
    self.groups = groups
    self.reply = reply
  }

  /// The family of families.
  package static let controller = GenericFamily(
    name: "nlctrl", number: 16, version: 2, groups: [:])

  /// Bytes of `struct genlmsghdr`, which a message begins with.
  package static let headerSize = 4

  /// The number of a multicast group.
  package func group(_ group: String) throws(NetlinkError) -> UInt32 {
    guard let number = groups[group] else { throw .noGroup(group, family: name) }
    return number
  }

  private enum Command { static let getFamily: UInt8 = 3 }

  private enum Key {
    static let familyNumber: UInt16 = 1
    static let familyName: UInt16 = 2
    static let version: UInt16 = 3
    static let groups: UInt16 = 7
    static let groupName: UInt16 = 1
    static let groupNumber: UInt16 = 2
  }

  /// Asks for a family by its name; the kernel loads the module that has it, if it can.
  package init(named name: String, over connection: NetlinkConnection) throws(NetlinkError) {
    var request = MessageWriter(
      family: .controller, command: Command.getFamily,
      flags: MessageHeader.Flag.request | MessageHeader.Flag.acknowledge,
      sequence: connection.nextSequence())
    request.attribute(Key.familyName, text: name)
    var found: GenericFamily?
    do throws(NetlinkError) {
      try connection.request(request, operation: "look up the netlink family \(name)") {
        (message) throws(NetlinkError) in
        found = try GenericFamily(message)
      }
    } catch {
      throw error.code == ENOENT ? .noFamily(name) : error
    }
    guard let found, found.name == name else { throw .noFamily(name) }
    self = found
  }

  /// Reads the controller's answer.
  init(_ message: borrowing Message) throws(NetlinkError) {
    self.init(name: "", number: 0, version: 0, groups: [:])
    var attributes = try message.genericAttributes()
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.familyNumber: number = try attribute.integer()
      case Key.familyName: name = attribute.text
      case Key.version: version = try attribute.integer()
      case Key.groups: try readGroups(attribute.nested)
      default: continue
      }
    }
    guard number > MessageHeader.Control.overrun else {
      throw .malformed("a family without a number")
    }
    reply = MessageWriter(message).bytes
  }

  private mutating func readGroups(_ list: consuming AttributeReader) throws(NetlinkError) {
    while let entry = try list.next() {
      var name: String?
      var number: UInt32?
      var group = entry.nested
      while let attribute = try group.next() {
        switch attribute.type {
        case Key.groupName: name = attribute.text
        case Key.groupNumber: number = try attribute.integer()
        default: continue
        }
      }
      if let name, let number { groups[name] = number }
    }
  }
}

extension Message {
  /// The command of a generic netlink message.
  package var command: UInt8? { payload.unread.next }

  /// The attributes behind the generic header.
  @_lifetime(copy self)
  package func genericAttributes() throws(NetlinkError) -> AttributeReader {
    var reader = payload
    do throws(ByteReaderError) {
      try reader.skip(GenericFamily.headerSize)
    } catch {
      throw .malformed("a generic message of \(reader.count) bytes")
    }
    return AttributeReader(reader.unread)
  }
}
