import Bytes
import NetlinkLab

@testable import Netlink

/// Values of what borrows from bytes, which #expect cannot take.
enum Decoded {
  /// The headers of whole messages; throws after the last of them if more follows.
  static func headers(_ bytes: [UInt8], count: inout Int) throws(NetlinkError) -> [MessageHeader] {
    var headers: [MessageHeader] = []
    var reader = MessageReader(bytes.span.raw)
    while let message = try reader.next() {
      headers.append(message.header)
      count += 1
    }
    return headers
  }

  static func headers(_ bytes: [UInt8]) throws(NetlinkError) -> [MessageHeader] {
    var count = 0
    return try headers(bytes, count: &count)
  }

  /// The attributes that bytes consist of, without looking into them.
  static func attributes(_ bytes: [UInt8], depth: Int = 0) throws(NetlinkError) -> [AttributeTree] {
    try AttributeTree.all(AttributeReader(ByteReader(bytes.span.raw)), depth: depth)
  }

  /// The attributes behind the generic header of the first message.
  static func genericAttributes(
    _ bytes: [UInt8], depth: Int = 8
  ) throws(NetlinkError) -> [AttributeTree] {
    try first(bytes) { (message) throws(NetlinkError) in
      try AttributeTree.all(message.genericAttributes(), depth: depth)
    }
  }

  static func acknowledgement(_ bytes: [UInt8]) throws(NetlinkError) -> Acknowledgement {
    try first(bytes) { (message) throws(NetlinkError) in try Acknowledgement(message) }
  }

  static func family(_ bytes: [UInt8]) throws(NetlinkError) -> GenericFamily {
    try first(bytes) { (message) throws(NetlinkError) in try GenericFamily(message) }
  }

  static func listener(_ bytes: [UInt8]) throws(NetlinkError) -> ListeningSocket {
    try first(bytes) { (message) throws(NetlinkError) in
      try ListeningSocket(message, transport: .udp)
    }
  }

  static func address(_ bytes: [UInt8]) throws(NetlinkError) -> [UInt8]? {
    try first(bytes) { (message) throws(NetlinkError) in try LocalAddress.read(message) }
  }

  private static func first<Value>(
    _ bytes: [UInt8], _ body: (borrowing Message) throws(NetlinkError) -> Value
  ) throws(NetlinkError) -> Value {
    var reader = MessageReader(bytes.span.raw)
    guard let message = try reader.next() else { throw .malformed("nothing") }
    return try body(message)
  }
}
