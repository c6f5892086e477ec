/// A place in the kernel's source.
package struct SourceLine: Hashable, Sendable {
  /// The file within the kernel's tree: "net/ipv4/udp.c".
  package var file: String
  /// nil if only the file is known.
  package var line: Int?
  /// The function that the line belongs to, also if it was inlined into another.
  package var function: String

  package init(file: String, line: Int?, function: String) {
    self.file = file
    self.line = line
    self.function = function
  }

  /// What fits beside a function: "udp.c:2145", "udp.c" without a line.
  package var label: String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return line.map { "\(name):\($0)" } ?? name
  }

  /// "net/ipv4/udp.c:2145".
  package var path: String { line.map { "\(file):\($0)" } ?? file }

  /// Whether it is in a header: what stands there is inlined into many functions and tells little
  /// about any.
  package var isInHeader: Bool { file.hasSuffix(".h") }
}
