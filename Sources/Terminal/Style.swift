package import Bytes

/// Colour and weight of text; nothing at all where colour is off.
package enum Style: Sendable {
  case bold, dim, red, green, yellow, cyan

  /// The SGR parameters (ECMA-48, section 8.3.117).
  var parameters: StaticString {
    switch self {
    case .bold: "1"
    case .dim: "2"
    case .red: "31"
    case .green: "32"
    case .yellow: "33"
    case .cyan: "36"
    }
  }
}

extension TextBuffer {
  /// Appends what `body` appends in a style; without style it is appended as it is.
  package mutating func styled(_ style: Style?, _ body: (inout TextBuffer) -> Void) {
    guard let style else { return body(&self) }
    append("\u{1B}[")
    append(style.parameters)
    append("m")
    body(&self)
    append("\u{1B}[0m")
  }
}

/// When to use colour: `--color`.
package enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never

  /// Whether to use colour on an output.
  ///
  /// `NO_COLOR` (no-color.org) and TERM=dumb turn `auto` off.
  package func isColored(isTerminal: Bool, environment: [String: String]) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }
  }
}
