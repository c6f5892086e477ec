import Bytes

extension TracepointFormat.Field {
  /// Reads `type name[length];<tab>offset:0;<tab>size:2;<tab>signed:0;`; nil if it is not that.
  init?(_ line: inout ByteReader) {
    let semicolon = UInt8(ascii: ";")
    guard let declaration = line.readReader(upTo: semicolon)?.rest.text,
      let offset = line.readNumber(after: "offset:"),
      let size = line.readNumber(after: "size:"),
      let signed = line.readNumber(after: "signed:")
    else { return nil }

    var rest = Substring(declaration)
    var length: Substring?
    if rest.last == "]", let bracket = rest.lastIndex(of: "[") {
      length = rest[rest.index(after: bracket)...].dropLast()
      rest = rest[..<bracket]
    }
    guard let space = rest.lastIndex(of: " ") else { return nil }
    let name = rest[rest.index(after: space)...]
    guard !name.isEmpty else { return nil }
    rest = rest[..<space]

    let mark = "__data_loc "
    self.name = String(name)
    isDataLocation = rest.hasPrefix(mark)
    type = String(isDataLocation ? rest.dropFirst(mark.count) : rest)
    arrayLength = length.flatMap { Int($0) }
    self.offset = offset
    self.size = size
    isSigned = signed != 0
  }
}

extension TracepointFormat {
  /// Finds every `__print_symbolic(REC->field, { 2, "NAME" }, …)` in a print format.
  ///
  /// A table for an expression instead of a field is passed over; nil if one breaks off.
  static func symbolTables(_ line: inout ByteReader) -> [String: [SymbolicValue]]? {
    var tables: [String: [SymbolicValue]] = [:]
    while line.advance(past: "__print_symbolic(REC->") {
      guard let field = line.readReader(upTo: UInt8(ascii: ","))?.rest.text else { return nil }
      guard field.utf8.allSatisfy(isIdentifier) else { continue }
      var table: [SymbolicValue] = []
      repeat {
        line.skipBlanks()
        guard line.accept(UInt8(ascii: "{")),
          let entry = line.readReader(upTo: UInt8(ascii: "}"))
        else { return nil }
        if let value = symbolicValue(entry) { table.append(value) }
      } while line.accept(UInt8(ascii: ","))
      guard line.accept(UInt8(ascii: ")")) else { return nil }
      tables[field] = table
    }
    return tables
  }

  private static func isIdentifier(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Reads `2, "NAME"`; nil if the value is an expression or the name no literal, as in the entry
  /// `{ -1, ((void *)0) }` that ends some tables.
  private static func symbolicValue(_ entry: borrowing ByteReader) -> SymbolicValue? {
    var entry = copy entry
    entry.skipBlanks()
    let isNegative = entry.accept(UInt8(ascii: "-"))
    let digits = entry.accept("0x") ? entry.readHexadecimal() : entry.readDecimal()
    guard let digits, let value = Int64(exactly: digits), entry.accept(UInt8(ascii: ",")),
      let name = entry.readQuoted()
    else { return nil }
    return SymbolicValue(isNegative ? -value : value, name)
  }
}

extension ByteReader {
  /// Passes over spaces and tabs.
  mutating func skipBlanks() {
    while accept(UInt8(ascii: " ")) || accept(UInt8(ascii: "\t")) {}
  }

  /// Goes behind the next `text`; goes to the end and says no if there is none.
  fileprivate mutating func advance(past text: StaticString) -> Bool {
    while !isAtEnd {
      if accept(text) { return true }
      _ = try? skip(1)
    }
    return false
  }

  /// Reads `<tab>label:number;`; nil if it is not that.
  fileprivate mutating func readNumber(after label: StaticString) -> Int? {
    skipBlanks()
    guard accept(label), let value = readDecimal(), accept(UInt8(ascii: ";")) else { return nil }
    return Int(exactly: value)
  }

  /// Reads string literals of C, which continue one another and here have no escapes.
  fileprivate mutating func readQuoted() -> String? {
    var text: String?
    skipBlanks()
    while accept(UInt8(ascii: "\"")) {
      guard let literal = readReader(upTo: UInt8(ascii: "\"")) else { return nil }
      text = (text ?? "") + literal.rest.text
      skipBlanks()
    }
    return text
  }
}
