internal import Bytes

extension TextBuffer {
  /// Appends a TCP header's options in tcpdump's words, as far as they go (RFC 9293, section 3.1;
  /// the numbers are IANA's).
  mutating func append(tcpOptions bytes: RawSpan) {
    var reader = ByteReader(bytes)
    var isFirst = true
    while let kind = try? reader.read(UInt8.self) {
      if !isFirst { append(",") }
      isFirst = false
      switch kind {
      case 0: return append("eol")
      case 1: append("nop")
      default:
        guard let length = try? reader.read(UInt8.self), length >= 2,
          let body = try? reader.readReader(Int(length) - 2)
        else { return append("bad option") }
        append(tcpOption: kind, body)
      }
    }
  }

  private mutating func append(tcpOption kind: UInt8, _ body: consuming ByteReader) {
    var body = body
    switch (kind, body.count) {
    case (2, 2): append("mss ", number: UInt16.self, &body)
    case (3, 1): append("wscale ", number: UInt8.self, &body)
    case (4, 0): append("sackOK")
    case (5, _):
      append("sack")
      while body.remaining >= 8 {
        append(" ", number: UInt32.self, &body)
        append(":", number: UInt32.self, &body)
      }
    case (8, 8):
      append("TS val ", number: UInt32.self, &body)
      append(" ecr ", number: UInt32.self, &body)
    case (19, 16): append("md5")
    case (28, 2): append("uto")
    case (29, _): append("tcp-ao")
    case (30, _): append("mptcp")
    case (34, 0): append("tfo cookiereq")
    case (34, _): append("tfo")
    default:
      append("unknown-")
      append(decimal: kind)
    }
  }

  /// Appends a word and the next number.
  ///
  /// The number is there: callers have looked at the length.
  private mutating func append<Value: FixedWidthInteger & BitwiseCopyable>(
    _ word: StaticString, number: Value.Type, _ body: inout ByteReader
  ) {
    append(word)
    if let value = try? body.read(number, .big) { append(decimal: value) }
  }
}
