package import Bytes

extension TextBuffer {
  /// Appends a part of `bytes`, 16 in a line, as `tcpdump -x` does with the text beside them.
  ///
  /// "	0x0000:  4500 0021 3039 4000 4011 f1a1 0a4d 0001  E..!09@.@....M.."
  package mutating func append(dump bytes: Span<UInt8>, _ range: Range<Int>) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(start + 16, range.upperBound)
      append("\t0x")
      append(hex: UInt64(start - range.lowerBound), digits: 4)
      append(": ")
      for index in start..<start + 16 {
        if (index - start) & 1 == 0 { append(" ") }
        if index < end { append(hex: UInt64(bytes[index]), digits: 2) } else { append("  ") }
      }
      append("  ")
      for index in start..<end {
        append((0x20..<0x7F).contains(bytes[index]) ? bytes[index] : UInt8(ascii: "."))
      }
      append("\n")
      start = end
    }
  }
}
