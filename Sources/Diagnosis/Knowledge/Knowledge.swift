internal import Yams

/// All that is known of reasons, sites and counters: the YAML files of this folder, embedded.
///
/// Where each entry stands is found in one pass over the texts (0.4 MB, well under a millisecond); an
/// entry is parsed when it is asked for.
package struct Knowledge: Sendable {
  /// Where an entry's lines are.
  struct Place: Sendable {
    var layer: String
    var text: Substring
  }

  let places: [String: Place]
  /// Names that stand twice.
  let doubles: [String]

  /// What is built in.
  package static let embedded = Knowledge(texts: embeddedTexts)

  /// Texts by layer: files without their extension.
  init(texts: [(name: String, text: String)]) {
    var places: [String: Place] = [:]
    var doubles: [String] = []
    for (layer, text) in texts {
      for (name, entry) in Self.entries(in: text) {
        // A site may be called like nothing else, so one table serves all.
        if places.updateValue(Place(layer: layer, text: entry), forKey: name) != nil {
          doubles.append(name)
        }
      }
    }
    self.places = places
    self.doubles = doubles
  }

  /// All names of reasons, sites and counters.
  package var names: [String] { places.keys.sorted() }

  /// The names of one file.
  package func names(ofLayer layer: String) -> [String] {
    places.filter { $0.value.layer == layer }.keys.sorted()
  }

  /// The files, as the packet meets them.
  package var layers: [String] { Set(places.values.map(\.layer)).sorted() }

  /// What is known of a reason by its shown name, or of a site by its function; nil if there is nothing.
  package func entry(_ name: String) throws(KnowledgeError) -> Entry? {
    guard let place = places[name], place.layer != Self.counterLayer else { return nil }
    return try read(name, place) { (node) throws(Fields.Problem) in
      try Entry(name: name, layer: place.layer, node)
    }
  }

  /// What is known of a counter by its name without the instance; nil if there is nothing.
  package func counter(_ name: String) throws(KnowledgeError) -> CounterEntry? {
    guard let place = places[name], place.layer == Self.counterLayer else { return nil }
    return try read(name, place) { (node) throws(Fields.Problem) in
      try CounterEntry(name: name, node)
    }
  }

  static let counterLayer = "counters"

  /// How bad an entry is if no rule decides, without parsing it; nil if there is no such entry.
  package func severity(_ name: String) -> Severity? {
    guard let place = places[name] else { return nil }
    let key = "\n  severity: "
    guard let start = place.text.firstRange(of: key)?.upperBound else { return nil }
    return Severity(rawValue: String(place.text[start...].prefix { $0.isLetter }))
  }

  private func read<Value>(
    _ name: String, _ place: Place, _ body: (Node) throws(Fields.Problem) -> Value
  ) throws(KnowledgeError) -> Value {
    do throws(Fields.Problem) {
      guard let node = try Self.node(String(place.text)), let mapping = node.mapping,
        mapping.count == 1, let (_, value) = mapping.first
      else { throw Fields.Problem(text: "is no mapping") }
      return try body(value)
    } catch {
      throw KnowledgeError(layer: place.layer, entry: name, problem: error.text)
    }
  }

  private static func node(_ text: String) throws(Fields.Problem) -> Node? {
    do {
      // Only plain words are wanted: "off" is no boolean here.
      return try compose(yaml: text, .basic)
    } catch {
      throw Fields.Problem(text: "\(error)")
    }
  }

  /// The entries of a file: each begins with its name at the beginning of a line.
  private static func entries(in text: String) -> [(name: String, text: Substring)] {
    var entries: [(name: String, text: Substring)] = []
    var start: (name: String, index: String.Index)?
    let bytes = text.utf8
    var line = bytes.startIndex
    while line < bytes.endIndex {
      let end = bytes[line...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
      // Comments, blank lines and what is indented belong to the entry before.
      if !" #\n-\r".utf8.contains(bytes[line]), let colon = bytes[line..<end].lastIndex(of: 0x3a) {
        if let start { entries.append((start.name, text[start.index..<line])) }
        start = (String(text[line..<colon]), line)
      }
      line = end < bytes.endIndex ? bytes.index(after: end) : end
    }
    if let start { entries.append((start.name, text[start.index...])) }
    return entries
  }
}
