extension TextBuffer {
  /// Appends a finite number with exactly `digits` decimals (at most 9), rounded half away from
  /// zero; what exceeds 64 bits is written as their largest value.
  package mutating func append(decimal value: Double, digits: Int) {
    var scale: UInt64 = 1
    for _ in 0..<min(max(digits, 0), 9) { scale *= 10 }
    let scaled = (value.magnitude * Double(scale)).rounded()
    let whole = scaled < 0x1p64 ? UInt64(scaled) : .max
    if value < 0, whole > 0 { append(UInt8(ascii: "-")) }
    append(decimal: whole / scale)
    guard scale > 1 else { return }
    append(UInt8(ascii: "."))
    var rest = whole % scale
    while scale > 1 {
      scale /= 10
      append(UInt8(ascii: "0") + UInt8(rest / scale))
      rest %= scale
    }
  }

  /// Appends an integer with a comma after each three digits: 1,234,567.
  package mutating func append(grouped value: UInt64) {
    var group: UInt64 = 1
    while value / group >= 1000 { group *= 1000 }
    append(decimal: value / group)
    var rest = value % group
    while group > 1 {
      group /= 1000
      append(UInt8(ascii: ","))
      let part = rest / group
      append(UInt8(ascii: "0"), repeated: part < 10 ? 2 : part < 100 ? 1 : 0)
      append(decimal: part)
      rest %= group
    }
  }
}
