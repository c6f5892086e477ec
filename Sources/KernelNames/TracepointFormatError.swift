/// Why a tracepoint's format file could not be understood; lines count from 1.
package enum TracepointFormatError: Error, Equatable, Sendable {
  /// A line is not what the kernel writes there.
  case malformed(line: Int)
  /// The text was cut off in the middle of a line.
  case truncated(line: Int)
  /// There is no line of this kind: `name`, `ID`, `field` or `print fmt`.
  case missing(String)
}

extension TracepointFormatError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let line): "cannot read tracepoint format: line \(line) is malformed"
    case .truncated(let line): "cannot read tracepoint format: line \(line) has no end"
    case .missing(let what): "cannot read tracepoint format: there is no line «\(what)»"
    }
  }
}
