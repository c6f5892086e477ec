package import Bytes

/// How a request ended: `struct nlmsgerr`, and the kernel's own sentence where it has one.
///
/// See the comments at NLMSGERR_ATTR_* in linux/netlink.h, "extended ACK" (from 4.12).
package struct Acknowledgement: Equatable, Sendable {
  /// 0, or the errno.
  package var code: Int32
  /// What the kernel says about it; nil if nothing.
  package var sentence: String?
  /// Where in the request the attribute lies that it does not like; nil if not told.
  package var offset: UInt32?

  /// Reads a message of type NLMSG_ERROR or NLMSG_DONE.
  package init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    let flags = message.header.flags
    do throws(ByteReaderError) {
      // A dump may end without a code.
      guard message.header.type == MessageHeader.Control.error || reader.remaining >= 4 else {
        code = 0
        return
      }
      let negative = try reader.read(Int32.self, .host)
      // A code is a small negative number; .min has no positive counterpart.
      guard negative <= 0, negative > Int32.min else {
        throw ByteReaderError.truncated(wanted: 4, at: 0, of: reader.count)
      }
      code = -negative
      if message.header.type == MessageHeader.Control.error {
        let length = Int(try reader.read(UInt32.self, .host))
        try reader.skip(MessageHeader.size - 4)
        let isWhole = flags & MessageHeader.Flag.capped == 0
        if isWhole, code != 0, length >= MessageHeader.size {
          let size = length - MessageHeader.size
          try reader.skip(size + padding(size))
        }
      }
    } catch {
      throw .malformed("an acknowledgement of \(reader.count) bytes")
    }
    guard flags & MessageHeader.Flag.hasAttributes != 0 else { return }
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case 1: sentence = attribute.text
      case 2: offset = try attribute.integer()
      default: continue
      }
    }
  }
}

extension ByteReader {
  /// A reader of what has not been read yet.
  package var unread: ByteReader {
    @_lifetime(copy self)
    get { ByteReader(rest) }
  }
}
