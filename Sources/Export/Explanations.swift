internal import Bytes
package import Diagnosis

/// Pages and objects about all that is known, each by its name.
package struct Explanations {
  private let knowledge: Knowledge

  package init(knowledge: Knowledge) { self.knowledge = knowledge }

  /// All that is known of a reason, site or counter; an empty page if that is nothing.
  package func page(_ name: String) throws(KnowledgeError) -> Page {
    if let entry = try knowledge.entry(name) { return Page(entry) }
    guard let counter = try knowledge.counter(name) else { return Page() }
    return Page(counter, moving: try knowledge.entries(moving: name))
  }

  /// The same as a line of JSON.
  package func json(_ name: String) throws(KnowledgeError) -> String {
    var json = JSONWriter()
    if let entry = try knowledge.entry(name) {
      json.line(entry)
    } else if let counter = try knowledge.counter(name) {
      json.line(counter, moving: try knowledge.entries(moving: name))
    }
    return json.buffer.text
  }
}
