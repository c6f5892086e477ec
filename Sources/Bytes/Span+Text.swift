import Glibc

extension Span<UInt8> {
  /// These bytes as a reader's material.
  @inlinable
  public var raw: RawSpan {
    @_lifetime(copy self)
    // Safe: a UInt8 has no padding that could be uninitialised.
    get { unsafe bytes }
  }

  /// These bytes as text; what is not UTF-8 becomes U+FFFD.
  package var text: String { raw.text }
}

extension RawSpan {
  /// These bytes as text; what is not UTF-8 becomes U+FFFD.
  package var text: String {
    // Safe: the pointer does not leave the closure.
    unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Whether these bytes are exactly the UTF-8 of `text`; nothing is allocated.
  package func equals(_ text: String) -> Bool {
    equals(text.utf8Span.span.raw)
  }

  /// Whether these bytes are the same as `other`.
  package func equals(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    // Safe: both pointers are good for `byteCount` bytes and do not leave the closures.
    return unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        guard let a = mine.baseAddress, let b = theirs.baseAddress else { return true }
        return unsafe memcmp(a, b, mine.count) == 0
      }
    }
  }
}
