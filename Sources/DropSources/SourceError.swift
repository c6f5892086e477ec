/// A source that cannot run or cannot go on.
///
/// The message is one sentence: what failed, on what, and what to do.
package enum SourceError: Error, Equatable, CustomStringConvertible {
  /// The kernel lacks something.
  case unsupported(String)
  /// A privilege is missing.
  case notPermitted(String)
  /// Anything else.
  case failed(String)

  /// The same kind of error with another message.
  package func saying(_ message: String) -> SourceError {
    switch self {
    case .unsupported: .unsupported(message)
    case .notPermitted: .notPermitted(message)
    case .failed: .failed(message)
    }
  }

  package var description: String {
    switch self {
    case .unsupported(let message), .notPermitted(let message), .failed(let message): message
    }
  }
}
