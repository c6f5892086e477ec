import Bytes
import KernelNames
import Testing

/// What a tracepoint's file says, with `print` as its print format.
func formatText(
  _ name: String, fields: [String] = [], print: String = #""x=%d", REC->x"#
) -> [UInt8] {
  let common = "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"
  let own = fields.map { "\tfield:\($0)\n" }.joined()
  return Array("name: \(name)\nID: 42\nformat:\n\(common)\(own)\nprint fmt: \(print)\n".utf8)
}

struct TracepointFormatTests {
  static let text = formatText(
    "kfree_skb",
    fields: [
      "void * location;\toffset:16;\tsize:8;\tsigned:0;",
      "enum skb_drop_reason reason;\toffset:36;\tsize:4;\tsigned:0;",
      "char comm[16];\toffset:40;\tsize:16;\tsigned:1;",
      "__data_loc char[] kind;\toffset:56;\tsize:4;\tsigned:0;",
      "__u8 saddr[sizeof(struct sockaddr_in6)];\toffset:60;\tsize:28;\tsigned:0;",
    ],
    print: #"""
      "r: %s %s", __print_symbolic(REC->reason, { 2, "NO_SOCKET" }, { -3, "MINUS" }, \#
      { 0x10, "HE" "X" }, { (1 << 2), "EXPRESSION" }, { -1, ((void *)0) }), __print_symbolic(REC->x & 1, { 1, "A" })
      """#)

  @Test func `name, number and fields are read`() throws {
    let format = try TracepointFormat(Self.text)
    #expect(format.name == "kfree_skb")
    #expect(format.id == 42)
    #expect(
      format.fields.map(\.name) == ["common_type", "location", "reason", "comm", "kind", "saddr"])
    let location = try #require(format.field(named: "location"))
    #expect(location.type == "void *")
    #expect(location.offset == 16)
    #expect(location.size == 8)
    #expect(!location.isSigned)
    #expect(location.arrayLength == nil)
    #expect(format.field(named: "nothing") == nil)
  }

  @Test func `arrays and data elsewhere are told apart`() throws {
    let format = try TracepointFormat(Self.text)
    let comm = try #require(format.field(named: "comm"))
    #expect(comm.type == "char")
    #expect(comm.arrayLength == 16)
    #expect(comm.isSigned)
    let kind = try #require(format.field(named: "kind"))
    #expect(kind.type == "char[]")
    #expect(kind.isDataLocation)
    let address = try #require(format.field(named: "saddr"))
    #expect(address.type == "__u8")
    #expect(address.arrayLength == nil)
  }

  @Test func `symbol tables keep the numbers and leave out expressions`() throws {
    let symbols = try TracepointFormat(Self.text).symbols
    #expect(
      symbols == ["reason": [.init(2, "NO_SOCKET"), .init(-3, "MINUS"), .init(16, "HEX")]])
  }

  @Test func `every beginning of a file is refused`() {
    for length in Self.text.indices {
      #expect(throws: TracepointFormatError.self) {
        try TracepointFormat(Array(Self.text[..<length]))
      }
    }
  }

  @Test(
    arguments: [
      ("u8 x; offset:0;\tsize:1;", .malformed(line: 6)),
      ("x;\toffset:0;\tsize:1;\tsigned:0;", .malformed(line: 6)),
      ("u8 x;\toffset:a;\tsize:1;\tsigned:0;", .malformed(line: 6)),
      ("u8 x", .malformed(line: 6)),
    ] as [(String, TracepointFormatError)])
  func `a malformed field is named by its line`(field: String, error: TracepointFormatError) {
    #expect(throws: error) { try TracepointFormat(formatText("x", fields: [field])) }
  }

  @Test(arguments: [
    "__print_symbolic(REC->x", "__print_symbolic(REC->x, ", #"__print_symbolic(REC->x, { 1, "A }"#,
    #"__print_symbolic(REC->x, { 1, "A" "#, #"__print_symbolic(REC->x, { 1, "A" }"#,
    #"__print_symbolic(REC->x, { 1, "A" } { 2, "B" })"#,
  ])
  func `a symbol table that breaks off is refused`(print: String) {
    #expect(throws: TracepointFormatError.malformed(line: 7)) {
      try TracepointFormat(formatText("x", print: print))
    }
  }

  @Test(arguments: ["name", "ID", "field", "print fmt"])
  func `a file without one of its parts is refused`(part: String) {
    let lines = String(decoding: Self.text, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let rest = lines.filter { !$0.drop { $0 == "\t" }.hasPrefix(part) }.joined(separator: "\n")
    #expect(throws: TracepointFormatError.missing(part)) { try TracepointFormat(Array(rest.utf8)) }
  }
}
