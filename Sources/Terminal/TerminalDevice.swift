internal import CLinux
internal import Glibc

/// What is known of the terminal behind a descriptor.
package struct TerminalDevice: Sendable {
  package let descriptor: Int32
  /// Whether there is a terminal at all.
  package let isTerminal: Bool

  package init(descriptor: Int32) {
    self.descriptor = descriptor
    isTerminal = isatty(descriptor) == 1
  }

  /// Rows and columns now; nil if it is no terminal or does not tell.
  package var size: (rows: Int, columns: Int)? {
    var rows: UInt16 = 0
    var columns: UInt16 = 0
    guard unsafe clinux_terminal_size(descriptor, &rows, &columns) == 0, rows > 0, columns > 0
    else { return nil }
    return (Int(rows), Int(columns))
  }
}
