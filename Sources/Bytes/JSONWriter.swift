/// Writes JSON objects (RFC 8259) into a reused buffer, without building them first.
///
/// What is absent is left out by passing nil; what must be there as `null` has a call of its own.
package struct JSONWriter: ~Copyable {
  package var buffer = TextBuffer()
  private var needsComma = false

  package init() {}

  /// Writes an object and the end of its line.
  package mutating func line(_ body: (inout JSONWriter) -> Void) {
    needsComma = false
    nest("{", "}", body)
    buffer.append("\n")
  }

  package mutating func field(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    key(name)
    buffer.append(json: value)
  }

  package mutating func field(_ name: StaticString, _ value: (some FixedWidthInteger)?) {
    guard let value else { return }
    key(name)
    buffer.append(decimal: value)
  }

  package mutating func field(_ name: StaticString, _ value: Bool) {
    key(name)
    if value { buffer.append("true") } else { buffer.append("false") }
  }

  /// Writes a number with at most `digits` decimals; JSON has no infinity, so that is left out.
  package mutating func field(_ name: StaticString, _ value: Double, digits: Int) {
    guard value.isFinite else { return }
    key(name)
    buffer.append(decimal: value, digits: digits)
  }

  /// A string of ASCII without anything to escape, appended in place.
  package mutating func text(_ name: StaticString, _ body: (inout TextBuffer) -> Void) {
    key(name)
    buffer.append("\"")
    body(&buffer)
    buffer.append("\"")
  }

  package mutating func field(_ name: StaticString, _ value: StaticString) {
    text(name) { $0.append(value) }
  }

  /// Fields that were put together before, or none.
  package mutating func fields(_ body: (inout TextBuffer) -> Void) {
    let (end, neededComma) = (buffer.count, needsComma)
    separate()
    let start = buffer.count
    body(&buffer)
    guard buffer.count == start else { return }
    buffer.truncate(to: end)
    needsComma = neededComma
  }

  package mutating func null(_ name: StaticString) {
    key(name)
    buffer.append("null")
  }

  /// A string, or `null`.
  package mutating func nullable(_ name: StaticString, _ value: String?) {
    if let value { field(name, value) } else { null(name) }
  }

  package mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
    key(name)
    nest("{", "}", body)
  }

  package mutating func strings(_ name: StaticString, _ values: [String]) {
    key(name)
    nest("[", "]") { json in
      for value in values {
        json.separate()
        json.buffer.append(json: value)
      }
    }
  }

  /// An object of numbers whose keys are not known before.
  package mutating func counts(_ name: StaticString, _ values: [(key: String, value: UInt64)]) {
    object(name) { json in
      for (key, value) in values {
        json.separate()
        json.buffer.append(json: key)
        json.buffer.append(":")
        json.buffer.append(decimal: value)
      }
    }
  }

  /// An array of objects.
  package mutating func objects<Element>(
    _ name: StaticString, _ values: [Element], _ body: (inout JSONWriter, Element) -> Void
  ) {
    key(name)
    nest("[", "]") { json in
      for value in values {
        json.separate()
        json.nest("{", "}") { body(&$0, value) }
      }
    }
  }

  private mutating func key(_ name: StaticString) {
    separate()
    buffer.append("\"")
    buffer.append(name)
    buffer.append("\":")
  }

  private mutating func separate() {
    if needsComma { buffer.append(",") }
    needsComma = true
  }

  private mutating func nest(
    _ open: StaticString, _ close: StaticString, _ body: (inout JSONWriter) -> Void
  ) {
    buffer.append(open)
    needsComma = false
    body(&self)
    buffer.append(close)
    needsComma = true
  }
}
