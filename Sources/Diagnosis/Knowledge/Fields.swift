internal import Yams

/// The fields of one mapping, each read once; whatever is left over was misspelt.
struct Fields {
  struct Problem: Error { var text: String }

  private var fields: [String: Node] = [:]

  init(_ node: Node) throws(Problem) {
    guard let mapping = node.mapping else { throw Problem(text: "\(node.text) is no mapping") }
    for (key, value) in mapping {
      guard let name = key.string else { throw Problem(text: "a key is no word") }
      guard fields.updateValue(value, forKey: name) == nil else {
        throw Problem(text: "\(name) stands twice")
      }
    }
  }

  /// Ends the reading.
  func finish() throws(Problem) {
    guard let name = fields.keys.min() else { return }
    throw Problem(text: "\(name) is no key of this")
  }

  mutating func node(_ name: String) -> Node? { fields.removeValue(forKey: name) }

  mutating func text(_ name: String) throws(Problem) -> String {
    guard let text = try optionalText(name) else { throw Problem(text: "\(name) is missing") }
    return text
  }

  mutating func optionalText(_ name: String) throws(Problem) -> String? {
    guard let node = node(name) else { return nil }
    return try node.words(name)
  }

  /// One text or a list of them.
  mutating func texts(_ name: String) throws(Problem) -> [String] {
    guard let node = node(name) else { return [] }
    guard let sequence = node.sequence else { return [try node.words(name)] }
    var texts: [String] = []
    for item in sequence { texts.append(try item.words(name)) }
    return texts
  }

  mutating func integer(_ name: String) throws(Problem) -> Int? {
    guard let text = try optionalText(name) else { return nil }
    guard let number = Int(text) else { throw Problem(text: "\(name): \(text) is no number") }
    return number
  }

  mutating func decimal(_ name: String) throws(Problem) -> Double? {
    guard let text = try optionalText(name) else { return nil }
    guard let number = Double(text) else { throw Problem(text: "\(name): \(text) is no number") }
    return number
  }

  /// A word of an enumeration.
  mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Value.Type = Value.self
  ) throws(Problem) -> Value? {
    guard let text = try optionalText(name) else { return nil }
    return try Self.value(text, name)
  }

  mutating func choices<Value: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Value.Type = Value.self
  ) throws(Problem) -> [Value] {
    var values: [Value] = []
    for text in try texts(name) { values.append(try Self.value(text, name)) }
    return values
  }

  private static func value<Value: RawRepresentable<String> & CaseIterable>(
    _ text: String, _ name: String
  ) throws(Problem) -> Value {
    if let value = Value(rawValue: text) { return value }
    let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
    throw Problem(text: "\(name): \(text) is none of \(known)")
  }

  mutating func list<Value>(
    _ name: String, _ read: (Node) throws(Problem) -> Value
  ) throws(Problem) -> [Value] {
    guard let node = node(name) else { return [] }
    guard let sequence = node.sequence else { throw Problem(text: "\(name) is no list") }
    var values: [Value] = []
    for item in sequence { values.append(try read(item)) }
    return values
  }
}

extension Node {
  fileprivate var text: String { scalar?.string ?? "what stands there" }

  fileprivate func words(_ name: String) throws(Fields.Problem) -> String {
    guard let scalar, !scalar.string.isEmpty else {
      throw Fields.Problem(text: "\(name) is no text")
    }
    return scalar.string
  }
}
