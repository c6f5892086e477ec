internal import Bytes

/// A file of the kernel's that is not written as it was in all kernels known.
struct UnexpectedText: Error, CustomStringConvertible {
  var file: String

  var description: String {
    "cannot understand /proc/\(file): this kernel writes it in another way. Please report it"
  }
}

extension ByteReader {
  /// Passes over blanks and tabs; says whether anything follows.
  mutating func skipBlanks() -> Bool {
    while accept(UInt8(ascii: " ")) || accept(UInt8(ascii: "\t")) {}
    return !isAtEnd
  }

  /// Reads up to a blank, a tab or the end.
  @_lifetime(copy self)
  mutating func readWord() -> ByteReader {
    var ahead = ByteReader(rest)
    while let byte = ahead.next, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") {
      _ = ahead.accept(byte)
    }
    // So many are there, so this cannot fail.
    guard let word = try? readReader(ahead.position) else { return self }
    return word
  }

  /// Reads a decimal number with or without "-", in two's complement.
  mutating func readInteger() -> Int64? {
    let isNegative = accept(UInt8(ascii: "-"))
    guard let value = readDecimal() else { return nil }
    let number = Int64(truncatingIfNeeded: value)
    return isNegative ? 0 &- number : number
  }
}
