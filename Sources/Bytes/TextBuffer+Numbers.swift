extension TextBuffer {
  /// Appends an integer in decimal, with `-` if negative.
  @inlinable
  public mutating func append(decimal value: some FixedWidthInteger) {
    if value < 0 { append(UInt8(ascii: "-")) }
    appendDigits(UInt64(value.magnitude))
  }

  /// Appends an integer with zeros in front of it up to so many digits.
  package mutating func append(padded value: UInt64, digits: Int) {
    append(UInt8(ascii: "0"), repeated: digits - decimalLength(value))
    appendDigits(value)
  }

  /// Appends an integer in lower-case hexadecimal with at least `digits` digits, filled with
  /// zeros on the left; `prefixed` puts `0x` before it.
  package mutating func append(hex value: UInt64, digits: Int = 1, prefixed: Bool = false) {
    if prefixed { append("0x") }
    let significant = (64 - value.leadingZeroBitCount + 3) / 4
    append(UInt8(ascii: "0"), repeated: digits - Swift.max(significant, 16))
    let length = Swift.max(significant, Swift.min(digits, 16), 1)
    appendInPlace(atMost: length) { room in
      var rest = value
      var index = length
      while index > 0 {
        index &-= 1
        let nibble = UInt8(truncatingIfNeeded: rest & 0xf)
        room[index] = nibble &+ (nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
        rest >>= 4
      }
      return length
    }
  }

  /// The part of ``append(decimal:)`` that is the same for all integers.
  @usableFromInline
  mutating func appendDigits(_ value: UInt64) {
    let length = decimalLength(value)
    appendInPlace(atMost: length) { room in
      var rest = value
      var index = length
      // Two digits a time: half the long divisions, which are what this costs.
      while rest >= 100 {
        let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
        let (ten, one) = UInt32(truncatingIfNeeded: pair).quotientAndRemainder(dividingBy: 10)
        room[index &- 2] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: ten)
        room[index &- 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: one)
        index &-= 2
        rest = quotient
      }
      if rest >= 10 {
        room[1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      room[0] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest)
      return length
    }
  }
}

/// The number of decimal digits of `value`; 1 for 0.
private func decimalLength(_ value: UInt64) -> Int {
  var (length, bound) = (1, UInt64(10))
  while value >= bound {
    length += 1
    let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
    guard !overflow else { break }
    bound = next
  }
  return length
}
