extension TextBuffer {
  /// Which side of a column its text keeps to.
  public enum Alignment: Sendable {
    /// Spaces follow it.
    case left
    /// Spaces precede it.
    case right
  }

  /// Appends what `body` appends, filled with spaces to `width` columns; longer text stays whole.
  ///
  /// A column is a Unicode scalar; wide and combining characters are not accounted for.
  @inlinable
  public mutating func align(
    _ alignment: Alignment, width: Int, _ body: (inout TextBuffer) -> Void
  ) {
    let start = count
    body(&self)
    let missing = width - columns(from: start)
    switch alignment {
    case .left: append(UInt8(ascii: " "), repeated: missing)
    case .right: insert(UInt8(ascii: " "), repeated: missing, at: start)
    }
  }

  /// The number of columns that the bytes from `start` on take.
  @usableFromInline
  func columns(from start: Int) -> Int {
    let bytes = span
    var columns = 0
    for index in start..<Swift.max(start, bytes.count) where bytes[index] & 0xc0 != 0x80 {
      columns += 1
    }
    return columns
  }
}
