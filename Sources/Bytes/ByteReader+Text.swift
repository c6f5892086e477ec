extension ByteReader {
  /// Reads a line: what lies before the next newline, which is passed over and not returned.
  ///
  /// Without a newline nothing is read and the result is nil: text cut off in the middle must not
  /// pass for a line.
  @inlinable
  @_lifetime(copy self)
  public mutating func readLine() -> ByteReader? {
    readReader(upTo: UInt8(ascii: "\n"))
  }

  /// Reads what lies before the next `delimiter`, which is passed over and not returned; nil, and
  /// nothing read, if there is none any more.
  @inlinable
  @_lifetime(copy self)
  public mutating func readReader(upTo delimiter: UInt8) -> ByteReader? {
    guard let length = distance(to: delimiter), let found = try? readReader(length) else {
      return nil
    }
    offset &+= 1
    return found
  }

  /// Passes over `byte` if it is the next one, and says whether it was.
  @inlinable
  public mutating func accept(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    offset &+= 1
    return true
  }

  /// Passes over `text` if it comes next, and says whether it did.
  @inlinable
  public mutating func accept(_ text: StaticString) -> Bool {
    let start = offset
    let matches = text.withUTF8Buffer { wanted in unsafe wanted.allSatisfy { accept($0) } }
    if !matches { offset = start }
    return matches
  }

  /// Reads the hexadecimal digits at hand, without `0x`; nil, and nothing read, if there are none
  /// or they do not fit 64 bits.
  @inlinable
  public mutating func readHexadecimal() -> UInt64? {
    readDigits(radix: 16)
  }

  /// Reads the decimal digits at hand; nil, and nothing read, if there are none or they do not
  /// fit 64 bits.
  @inlinable
  public mutating func readDecimal() -> UInt64? {
    readDigits(radix: 10)
  }

  /// The loop behind both.
  @inlinable
  @inline(__always)
  mutating func readDigits(radix: UInt64) -> UInt64? {
    let start = offset
    var value: UInt64 = 0
    while let byte = next, let digit = digitValue(byte), digit < radix {
      let (high, low) = value.multipliedFullWidth(by: radix)
      let (sum, overflow) = low.addingReportingOverflow(digit)
      guard high == 0, !overflow else {
        offset = start
        return nil
      }
      value = sum
      offset &+= 1
    }
    return offset == start ? nil : value
  }
}

/// The value of a digit `0`–`9`, `a`–`f` or `A`–`F`.
@inlinable
@inline(__always)
func digitValue(_ byte: UInt8) -> UInt64? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte &- UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte &- UInt8(ascii: "a") &+ 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte &- UInt8(ascii: "A") &+ 10)
  default: nil
  }
}
