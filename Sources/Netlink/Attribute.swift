package import Bytes

/// One attribute: `struct nlattr` (linux/netlink.h), in bytes that somebody else owns.
package struct Attribute: ~Escapable {
  /// Its number in its family, without the two upper bits.
  package let type: UInt16
  private let value: ByteReader

  @_lifetime(copy value)
  init(type: UInt16, value: ByteReader) {
    self.type = type
    self.value = value
  }

  /// The number of bytes of its value.
  package var count: Int { value.count }

  /// The value as it is.
  package var bytes: RawSpan {
    @_lifetime(copy self)
    get { value.rest }
  }

  /// The value as an integer, in the machine's byte order; it must be exactly that long.
  package func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self
  ) throws(NetlinkError) -> Value {
    var reader = value
    guard reader.count == MemoryLayout<Value>.size, let number = try? reader.read(type, .host)
    else {
      throw .malformed(
        "attribute \(self.type) has \(count) bytes instead of \(MemoryLayout<Value>.size)")
    }
    return number
  }

  /// The value as text, up to the byte 0 that ends it in C; what is not UTF-8 becomes U+FFFD.
  package var text: String {
    var reader = value
    guard let ended = reader.readReader(upTo: 0) else { return value.rest.text }
    return ended.rest.text
  }

  /// The attributes inside.
  package var nested: AttributeReader {
    @_lifetime(copy self)
    get { AttributeReader(value) }
  }
}

/// Goes through attributes that follow one another.
///
/// Those of unknown types are for the caller to pass over: newer kernels add some.
package struct AttributeReader: ~Escapable {
  private var reader: ByteReader

  @_lifetime(copy reader)
  package init(_ reader: ByteReader) { self.reader = reader }

  /// The next attribute; nil at the end.
  ///
  /// After an error, stop.
  @_lifetime(copy self)
  package mutating func next() throws(NetlinkError) -> Attribute? {
    guard !reader.isAtEnd else { return nil }
    let available = reader.remaining
    do throws(ByteReaderError) {
      let length = Int(try reader.read(UInt16.self, .host))
      let type = try reader.read(UInt16.self, .host)
      guard length >= Self.headerSize, length <= available else {
        throw ByteReaderError.truncated(wanted: length, at: reader.position - 4, of: reader.count)
      }
      let value = try reader.readReader(length - Self.headerSize)
      try reader.skip(min(padding(length), reader.remaining))
      // NLA_F_NESTED and NLA_F_NET_BYTEORDER: nobody sets them reliably.
      return Attribute(type: type & 0x3fff, value: value)
    } catch {
      throw .malformed("an attribute does not fit the \(available) bytes that are left")
    }
  }

  /// Bytes of `struct nlattr`.
  private static let headerSize = 4
}
