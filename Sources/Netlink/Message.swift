package import Bytes

/// A netlink message in bytes that somebody else owns.
package struct Message: ~Escapable {
  package let header: MessageHeader
  /// What follows the header.
  package let payload: ByteReader
  /// All of it as it stands, the header included, without padding.
  package let bytes: RawSpan

  @_lifetime(copy payload, copy bytes)
  init(header: MessageHeader, payload: ByteReader, bytes: RawSpan) {
    self.header = header
    self.payload = payload
    self.bytes = bytes
  }
}

/// Goes through the messages of one datagram.
package struct MessageReader: ~Escapable {
  private var reader: ByteReader

  @_lifetime(copy bytes)
  package init(_ bytes: RawSpan) { reader = ByteReader(bytes) }

  /// The next message; nil at the end.
  ///
  /// After an error there is no telling where the next one begins: stop.
  @_lifetime(copy self)
  package mutating func next() throws(NetlinkError) -> Message? {
    guard !reader.isAtEnd else { return nil }
    var whole = reader.unread
    let header = try MessageHeader(&reader)
    let size = Int(header.length) - MessageHeader.size
    do throws(ByteReaderError) {
      let payload = try reader.readReader(size)
      try reader.skip(min(padding(size), reader.remaining))
      let bytes = try whole.readBytes(Int(header.length))
      return Message(header: header, payload: payload, bytes: bytes)
    } catch {
      throw .malformed("\(error)")
    }
  }
}

/// Bytes up to the next multiple of four: NLMSG_ALIGN and NLA_ALIGN.
package func padding(_ size: Int) -> Int { -size & 3 }
