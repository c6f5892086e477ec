/// A JSON value that another program has written: RFC 8259.
///
/// What is not UTF-8 in a text becomes U+FFFD; of a name that an object has twice the last one counts.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// As it stands, since 64 bits of a counter do not fit a `Double`.
  case number(String)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Values inside of values that are read at most.
  private static let deepest = 64

  /// Reads one value, which must be all there is but for white space.
  package init(_ bytes: RawSpan) throws(JSONError) {
    var reader = ByteReader(bytes)
    self = try Self.value(&reader, depth: 0)
    reader.skipSpace()
    guard reader.isAtEnd else { throw JSONError(at: reader.position) }
  }

  /// A member of an object; nil of anything else.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[name]
  }

  package var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  /// A number that is whole and not negative.
  package var integer: UInt64? {
    guard case .number(let digits) = self else { return nil }
    return UInt64(digits)
  }

  package var array: [JSONValue]? {
    guard case .array(let values) = self else { return nil }
    return values
  }

  /// The name and value of an object that has but one.
  package var onlyMember: (name: String, value: JSONValue)? {
    guard case .object(let members) = self, members.count == 1 else { return nil }
    return members.first.map { ($0.key, $0.value) }
  }

  private static func value(
    _ reader: inout ByteReader, depth: Int
  ) throws(JSONError) -> JSONValue {
    guard depth < deepest else { throw JSONError(at: reader.position) }
    reader.skipSpace()
    switch reader.next {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try list(&reader, ends: UInt8(ascii: "}")) { (reader) throws(JSONError) in
        let name = try string(&reader)
        reader.skipSpace()
        guard reader.accept(UInt8(ascii: ":")) else { throw JSONError(at: reader.position) }
        members[name] = try value(&reader, depth: depth + 1)
      }
      return .object(members)
    case UInt8(ascii: "["):
      var values: [JSONValue] = []
      try list(&reader, ends: UInt8(ascii: "]")) { (reader) throws(JSONError) in
        values.append(try value(&reader, depth: depth + 1))
      }
      return .array(values)
    case UInt8(ascii: "\""): return .text(try string(&reader))
    default:
      if reader.accept("null") { return .null }
      if reader.accept("true") { return .bool(true) }
      if reader.accept("false") { return .bool(false) }
      return .number(try number(&reader))
    }
  }

  /// Reads what commas separate, from the bracket that begins it to the one that ends it.
  private static func list(
    _ reader: inout ByteReader, ends end: UInt8,
    _ element: (inout ByteReader) throws(JSONError) -> Void
  ) throws(JSONError) {
    try? reader.skip(1)
    reader.skipSpace()
    if reader.accept(end) { return }
    while true {
      reader.skipSpace()
      try element(&reader)
      reader.skipSpace()
      if reader.accept(end) { return }
      guard reader.accept(UInt8(ascii: ",")) else { throw JSONError(at: reader.position) }
    }
  }

  private static func number(_ reader: inout ByteReader) throws(JSONError) -> String {
    let start = reader.position
    var digits = ""
    while let byte = reader.next, byte > 0x20, let scalar = UnicodeScalar(UInt32(byte)),
      "+-.0123456789eE".unicodeScalars.contains(scalar)
    {
      digits.unicodeScalars.append(scalar)
      try? reader.skip(1)
    }
    guard Double(digits) != nil else { throw JSONError(at: start) }
    return digits
  }

  private static func string(_ reader: inout ByteReader) throws(JSONError) -> String {
    guard reader.accept(UInt8(ascii: "\"")) else { throw JSONError(at: reader.position) }
    let start = reader.position
    // Hardly any text has a backslash: it is taken as a whole then.
    if let plain = reader.readReader(upTo: UInt8(ascii: "\"")),
      plain.distance(to: UInt8(ascii: "\\")) == nil
    {
      return plain.rest.text
    }
    try? reader.seek(to: start)
    var bytes: [UInt8] = []
    while let byte = try? reader.read(UInt8.self) {
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"): bytes += try escaped(&reader)
      default: bytes.append(byte)
      }
    }
    throw JSONError(at: reader.position)
  }

  /// What a backslash stands before; of "\u…" one code unit, half a pair becomes U+FFFD.
  private static func escaped(_ reader: inout ByteReader) throws(JSONError) -> [UInt8] {
    switch try? reader.read(UInt8.self) {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "u"):
      guard let digits = try? reader.readBytes(4), let unit = UInt32(digits.text, radix: 16) else {
        throw JSONError(at: reader.position)
      }
      return Array(String(Character(UnicodeScalar(unit) ?? "\u{FFFD}")).utf8)
    case .some(let byte): return [byte]
    case nil: throw JSONError(at: reader.position)
    }
  }
}

/// Why a text is no JSON.
package struct JSONError: Error, Equatable, CustomStringConvertible {
  /// The number of good bytes before.
  package let position: Int

  package init(at position: Int) { self.position = position }

  package var description: String { "no JSON from byte \(position) on" }
}

extension ByteReader {
  fileprivate mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte >= 0x09 && byte <= 0x0D { try? skip(1) }
  }
}
