/// A text for people to read, before it is known where: on a terminal, in a ticket, in a manual.
package struct Page: Equatable, Sendable {
  package var blocks: [Block] = []

  package init() {}

  package enum Block: Equatable, Sendable {
    /// Level 1 is the page's own.
    case heading(String, level: Int)
    case paragraph(String)
    /// One per line: what it is, and what it has.
    case facts([Fact])
    case list([Item])
    /// Lines that align by themselves: a picture, a table.
    case lines([String])
  }

  package struct Fact: Equatable, Sendable {
    package var name: String
    package var value: String
    /// How bad it is, where that is what the value says.
    package var tone: Tone?
  }

  package struct Item: Equatable, Sendable {
    package var text: String
    package var tone: Tone?
    /// To be typed.
    package var commands: [String] = []
    /// What comes after the commands.
    package var remarks: [String] = []
  }

  /// How something is to be taken.
  package enum Tone: Sendable { case bad, doubtful, good }

  package mutating func heading(_ text: String, level: Int = 2) {
    blocks.append(.heading(text, level: level))
  }

  package mutating func paragraph(_ text: String, _ more: String?...) {
    blocks.append(.paragraph(([text] + more.compactMap(\.self)).joined(separator: " ")))
  }

  /// Facts, without those that have no value.
  package mutating func facts(_ facts: [(String, String?)]) {
    let known = facts.compactMap { name, value in value.map { Fact(name: name, value: $0) } }
    if !known.isEmpty { blocks.append(.facts(known)) }
  }

  /// A list under its heading; nothing at all if it is empty.
  package mutating func list(_ heading: String?, _ items: [Item]) {
    guard !items.isEmpty else { return }
    if let heading { self.heading(heading) }
    blocks.append(.list(items))
  }
}
