/// Why bytes from outside could not be read: the one thing a ``ByteReader`` can fail at.
public enum ByteReaderError: Error, Equatable, Sendable {
  /// Fewer bytes are left than were asked for.
  ///
  /// `at` is the reader's position, `of` its length, both in bytes from the reader's own start.
  case truncated(wanted: Int, at: Int, of: Int)
}

extension ByteReaderError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .truncated(let wanted, let at, let count):
      "data ends early: \(wanted) bytes wanted at offset \(at) of \(count)"
    }
  }
}
