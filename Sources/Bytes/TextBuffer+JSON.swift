extension TextBuffer {
  /// Appends a string as a JSON string, quotes included (RFC 8259, section 7).
  package mutating func append(json text: String) {
    append(UInt8(ascii: "\""))
    appendEscaped(text.utf8Span.span)
    append(UInt8(ascii: "\""))
  }

  /// Appends bytes from the kernel, such as a process's name, as a JSON string.
  ///
  /// JSON is UTF-8 and the kernel's names need not be: what is not becomes U+FFFD, which costs
  /// an allocation, as does nothing else here.
  package mutating func append(json bytes: Span<UInt8>) {
    if isASCII(bytes) {
      append(UInt8(ascii: "\""))
      appendEscaped(bytes)
      append(UInt8(ascii: "\""))
    } else {
      append(json: bytes.text)
    }
  }

  private func isASCII(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where bytes[index] >= 0x80 { return false }
    return true
  }

  /// Runs that need no escape are copied whole.
  private mutating func appendEscaped(_ bytes: Span<UInt8>) {
    var plain = 0
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        continue
      }
      append(bytes.extracting(plain..<index))
      plain = index + 1
      switch byte {
      case UInt8(ascii: "\""): append(#"\""#)
      case UInt8(ascii: "\\"): append(#"\\"#)
      case UInt8(ascii: "\n"): append(#"\n"#)
      case UInt8(ascii: "\r"): append(#"\r"#)
      case UInt8(ascii: "\t"): append(#"\t"#)
      default:
        append(#"\u"#)
        append(hex: UInt64(byte), digits: 4)
      }
    }
    append(bytes.extracting(plain..<bytes.count))
  }
}
