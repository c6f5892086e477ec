extension [UInt8] {
  /// Bytes written as pairs of hexadecimal digits; blanks, and what stands behind `//` in a line,
  /// mean nothing.
  package init(hex text: String) {
    let digits = text.split(separator: "\n").flatMap { line in
      let end = line.firstRange(of: "//")?.lowerBound ?? line.endIndex
      return line[..<end].filter { !$0.isWhitespace }.map { digit in
        guard let value = digit.hexDigitValue else { preconditionFailure("\(digit) in: \(line)") }
        return UInt8(value)
      }
    }
    precondition(digits.count % 2 == 0, "half a byte")
    self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}

extension [UInt8] {
  /// A copy of bytes that somebody else owns.
  package init(copying bytes: RawSpan) {
    // Safe: the pointer does not leave the closure.
    self = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
  }
}
