internal import Bytes
@testable internal import Netlink
internal import NetlinkLab

/// A datagram: messages, their attributes, acknowledgements and families.
enum NetlinkInput {
  static func read(_ bytes: [UInt8]) {
    var reader = MessageReader(bytes.span.raw)
    while let message = try? reader.next() {
      readAttributes(message)
      readAcknowledgement(message)
      readFamily(message)
      _ = try? ListeningSocket(message, transport: .udp)
      readAddress(message)
    }
  }

  private static func readAttributes(_ message: borrowing Message) {
    guard let reader = try? message.genericAttributes(),
      let trees = try? AttributeTree.all(reader)
    else { return }
    var writer = MessageWriter(
      family: .controller, command: message.command ?? 0, flags: message.header.flags,
      sequence: message.header.sequence)
    for tree in trees { tree.write(to: &writer) }
    var again = MessageReader(writer.bytes.span.raw)
    guard let copy = try? again.next() else {
      return expect(false, "a message that was written is one")
    }
    expect(copy.header.length == writer.bytes.count, "its length is all of it")
    guard let reader = try? copy.genericAttributes() else {
      return expect(false, "it has attributes")
    }
    expect((try? AttributeTree.all(reader)) == trees, "attributes are read as they were written")
  }

  private static func readAcknowledgement(_ message: borrowing Message) {
    guard let answer = try? Acknowledgement(message) else { return }
    expect(answer.code >= 0, "an acknowledgement's code is an errno")
  }

  private static func readAddress(_ message: borrowing Message) {
    guard let address = try? LocalAddress.read(message) else { return }
    expect(address.count <= message.payload.count, "an address is a part of its message")
  }

  private static func readFamily(_ message: borrowing Message) {
    guard let family = try? GenericFamily(message) else { return }
    var reader = MessageReader(family.reply.span.raw)
    guard let reply = try? reader.next(), let again = try? GenericFamily(reply) else {
      return expect(false, "a family's reply tells of a family")
    }
    expect(again == family, "a family's reply tells the same again")
  }
}
