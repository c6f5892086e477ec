internal import Bytes
package import Netlink

extension NetlinkConnection {
  /// Lists all there is, from the beginning again if something changed meanwhile.
  ///
  /// What was missed would pass for new in the next list. `payload` lies behind the message's header;
  /// `read` makes a value of a message, or nil if it is of no interest.
  package func dump<Value>(
    _ type: UInt16, _ payload: [UInt8], operation: String,
    attributes: (inout MessageWriter) -> Void = { _ in },
    _ read: (borrowing Message) throws(NetlinkError) -> Value?
  ) throws(NetlinkError) -> [Value] {
    for _ in 0..<Self.attempts {
      var values: [Value] = []
      var isWhole = true
      var request = MessageWriter(
        type: type, flags: MessageHeader.Flag.request | MessageHeader.Flag.dump,
        sequence: nextSequence(), payload: payload)
      attributes(&request)
      try self.request(request, operation: operation) { (message) throws(NetlinkError) in
        if message.header.flags & Self.interrupted != 0 { isWhole = false }
        if let value = try read(message) { values.append(value) }
      }
      if isWhole { return values }
    }
    throw .lostAnswer(operation: operation + ", which change too fast")
  }

  private static var attempts: Int { 5 }

  /// NLM_F_DUMP_INTR of linux/netlink.h.
  private static var interrupted: UInt16 { 0x10 }
}
