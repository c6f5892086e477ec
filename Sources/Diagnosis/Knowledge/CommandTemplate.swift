/// A command of an entry, with names that the machine fills in: "ss -uamn sport = :{dport}".
package struct CommandTemplate: Sendable {
  private let text: String

  package init(_ text: String) { self.text = text }

  /// The command with everything filled in that is known; the rest stays as it is, also what a shell
  /// would not take for a name.
  ///
  /// Placeholders come first, since sysctls' names may contain them, then sysctls' values, perhaps
  /// times a number.
  package func filled(
    _ values: [Placeholder: String], sysctl: (String) -> String?
  ) -> String {
    var filled = text
    for (placeholder, value) in values where Self.isPlain(value) {
      filled = filled.replacing("{\(placeholder.rawValue)}", with: value)
    }
    var result = ""
    var rest = filled[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let inside = rest[rest.index(after: open)..<close]
      result += rest[..<open]
      result += Self.value(inside, sysctl) ?? "{\(inside)}"
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  /// Whether all of it is filled in.
  package static func isComplete(_ command: String) -> Bool { !command.contains("{") }

  private static func value(_ inside: Substring, _ sysctl: (String) -> String?) -> String? {
    let parts = inside.split(separator: "*")
    guard let name = parts.first, let value = sysctl(String(name)) else { return nil }
    guard parts.count == 2 else { return value }
    // "4096 131072 6291456" is a sysctl of three values: each is meant.
    let numbers = value.split(whereSeparator: \.isWhitespace).map { Int($0) }
    guard let factor = Int(parts[1]), !numbers.contains(nil) else { return nil }
    return numbers.compactMap { $0.map { String($0 * factor) } }.joined(separator: " ")
  }
}
