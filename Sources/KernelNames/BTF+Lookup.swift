import Bytes

extension BTF {
  /// A type of this blob or its base, and where, in the blob it is of, that goes on after the
  /// record.
  func record(of type: UInt32) throws(BTFError) -> (Record, end: Int) {
    guard type >= firstType else {
      guard let base, type > 0 else { throw .typeOutOfRange(type) }
      return try base.record(of: type)
    }
    let position = Int(type - firstType)
    guard position < count else { throw .typeOutOfRange(type) }
    var reader = try reader(at: Int(index.offsets[position]))
    let record = try Record(&reader)
    return (record, bytes.count - reader.remaining)
  }

  /// Reads this blob from an offset on.
  @_lifetime(borrow self)
  func reader(at offset: Int) throws(BTFError) -> ByteReader {
    var reader = ByteReader(bytes.span.raw)
    try reader.pass(offset)
    return reader
  }

  /// The string at an offset, counted from the base's first.
  func string(at offset: UInt32) throws(BTFError) -> String {
    guard Int(offset) >= firstString else { return try base?.string(at: offset) ?? "" }
    return try ownString(at: offset).text
  }

  /// Whether the string at an offset is `text`; no string is made for it.
  func isString(at offset: UInt32, _ text: String) throws(BTFError) -> Bool {
    guard Int(offset) >= firstString else {
      return try base?.isString(at: offset, text) ?? false
    }
    return try ownString(at: offset).equals(text)
  }

  @_lifetime(borrow self)
  private func ownString(at offset: UInt32) throws(BTFError) -> RawSpan {
    let start = Int(offset) - firstString
    guard start < strings.count else { throw .stringOutOfRange(offset) }
    var reader = ByteReader(bytes.span.extracting(strings).extracting(start...).raw)
    guard let string = reader.readReader(upTo: 0) else { throw .stringOutOfRange(offset) }
    return string.rest
  }
}
