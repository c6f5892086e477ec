import Bytes
import Testing

struct JSONValueTests {
  private func value(_ text: String) throws(JSONError) -> JSONValue {
    let bytes = Array(text.utf8)
    return try JSONValue(bytes.span.raw)
  }

  @Test func `values of all kinds are read`() throws {
    let text = #"""
       {"a": [1, -2.5e3, true, false, null],
        "b": {"c": "d\"\\\/\n\u00e9é"}, "e": {}, "f": []} 
      """#
    let read = try value(text)
    #expect(
      read["a"] == .array([.number("1"), .number("-2.5e3"), .bool(true), .bool(false), .null]))
    #expect(read["b"]?["c"]?.text == "d\"\\/\néé")
    #expect(read["b"]?.onlyMember?.name == "c")
    #expect(read["e"] == .object([:]) && read["f"]?.array == [])
    #expect(read.onlyMember == nil)
    #expect(try value("18446744073709551615").integer == .max)
    #expect(try value("-1").integer == nil)
  }

  @Test func `each truncation of an object is refused`() {
    let text = #"{"a": [1, {"b": "c\u0041\n"}], "d": true, "e": -1.5}"#
    for length in 0..<text.utf8.count {
      #expect(throws: JSONError.self, "\(length) bytes") {
        try value(String(decoding: text.utf8.prefix(length), as: UTF8.self))
      }
    }
  }

  @Test(arguments: [
    "", " ", "{]", "[1 2]", "[,]", "{\"a\"}", "{a:1}", "{\"a\":1,}", "nul", "1.2.3", "--",
    "\"\\u12g4\"", "[1] 2", "{\"a\":1 \"b\":2}",
  ])
  func `what is no JSON is refused`(text: String) {
    #expect(throws: JSONError.self) { try value(text) }
  }

  @Test func `values that are nested without end are refused`() throws {
    #expect(throws: JSONError.self) { try value(String(repeating: "[", count: 1_000_000)) }
    #expect(throws: JSONError.self) { try value(String(repeating: "{\"a\":", count: 1_000_000)) }
    let good = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(try value(good).array?.count == 1)
  }
}
