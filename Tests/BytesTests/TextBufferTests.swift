import Bytes
import Testing

/// The text that `body` appends.
private func written(_ body: (inout TextBuffer) -> Void) -> String {
  var buffer = TextBuffer()
  body(&buffer)
  return buffer.text
}

struct TextBufferTests {
  @Test func `it grows, and emptying keeps it usable`() {
    var buffer = TextBuffer(capacity: 1)
    for round in 0..<3 {
      buffer.removeAll()
      for _ in 0..<1000 { buffer.append("drop ") }
      let (count, text) = (buffer.count, buffer.text)
      #expect(count == 5000, "round \(round)")
      #expect(text == String(repeating: "drop ", count: 1000))
    }
    buffer.truncate(to: 4)
    let rest = buffer.text
    #expect(rest == "drop")
  }

  @Test func `decimal is as Swift writes it, around every power of ten`() {
    var power: UInt64 = 1
    for _ in 0..<20 {
      for value in [power &- 1, power, power &+ 1, 0 &- power] {
        #expect(written { $0.append(decimal: value) } == String(value))
        let signed = Int64(bitPattern: value)
        #expect(written { $0.append(decimal: signed) } == String(signed))
      }
      power = power &* 10
    }
    #expect(written { $0.append(decimal: Int64.min) } == "-9223372036854775808")
    #expect(written { $0.append(decimal: UInt64.max) } == "18446744073709551615")
    #expect(written { $0.append(decimal: Int8.min) } == "-128")
  }

  @Test(
    arguments: [
      (0, 1, false, "0"), (0, 0, false, "0"), (0x1f, 1, true, "0x1f"), (0x1f, 4, false, "001f"),
      (0x12345, 4, false, "12345"), (.max, 16, true, "0xffffffffffffffff"),
      (0xa, 20, false, "0000000000000000000a"), (0, 16, true, "0x0000000000000000"),
      (.max, 20, false, "0000ffffffffffffffff"),
    ] as [(UInt64, Int, Bool, String)])
  func `hexadecimal has the digits asked for`(
    value: UInt64, digits: Int, prefixed: Bool, text: String
  ) {
    #expect(written { $0.append(hex: value, digits: digits, prefixed: prefixed) } == text)
  }

  @Test func `columns are filled on either side and never cut`() {
    let text = written {
      $0.align(.left, width: 6) { $0.append("eth0") }
      $0.append("|")
      $0.align(.right, width: 6) { $0.append(decimal: 42) }
      $0.append("|")
      $0.align(.right, width: 2) { $0.append("long") }
      $0.append("|")
      $0.align(.left, width: 3) { $0.append("é") }
      $0.append("|")
      $0.align(.right, width: 2) { _ in }
    }
    #expect(text == "eth0  |    42|long|é  |  ")
  }

  @Test(arguments: [
    ("", #""""#), ("plain", #""plain""#), (#"a"b\c"#, #""a\"b\\c""#),
    ("\n\r\t\u{0}\u{1f}", #""\n\r\t\u0000\u001f""#), ("é – 🙂", #""é – 🙂""#),
    ("end\"", #""end\"""#),
  ])
  func `a JSON string is escaped`(text: String, json: String) {
    #expect(written { $0.append(json: text) } == json)
    #expect(written { $0.append(json: Array(text.utf8).span) } == json)
  }

  @Test func `bytes that are not UTF-8 become valid JSON`() {
    let name: [UInt8] = [0x61, 0xff, 0x0a]
    #expect(written { $0.append(json: name.span) } == "\"a\u{fffd}\\n\"")
  }

  @Test func `literals, strings and bytes are appended alike`() {
    let string = "a string longer than fifteen bytes"
    let text = written {
      $0.append("x")
      $0.append(string)
      $0.append([0x21].span)
      $0.append("")
      $0.append(0x2d as UInt8, repeated: 3)
      $0.append(0x2d as UInt8, repeated: -1)
    }
    #expect(text == "x" + string + "!---")
  }
}
