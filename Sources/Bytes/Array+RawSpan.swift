extension [UInt8] {
  /// A copy of bytes that somebody else owns.
  package init(_ bytes: RawSpan) {
    self = []
    append(contentsOf: bytes)
  }

  /// Appends bytes that somebody else owns.
  @inlinable
  public mutating func append(contentsOf bytes: RawSpan) {
    // Safe: the pointer does not leave the closure.
    unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}
