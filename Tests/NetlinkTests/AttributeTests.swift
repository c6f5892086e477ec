import Bytes
import NetlinkLab
import Testing

@testable import Netlink

/// Attributes: read, written, and read again.
struct AttributeTests {
  @Test func `a kernel's reply is read to its last attribute`() throws {
    #expect(
      try Decoded.genericAttributes(KernelMessages.statistics, depth: 1) == [
        .nested(12, [.value(0, [3, 0, 0, 0, 0, 0, 0, 0])]),
        .nested(13, [.value(0, [7, 0, 0, 0, 0, 0, 0, 0])]),
      ])
  }

  @Test func `the bits for nested and for byte order are not part of the number`() throws {
    #expect(
      try Decoded.attributes([UInt8](hex: "0400 0480 0400 0440 0400 04c0 0400 ffff"))
        == [.value(4, []), .value(4, []), .value(4, []), .value(0x3FFF, [])])
  }

  @Test func `padding is passed over, and may be missing at the end`() throws {
    let bytes = [UInt8](hex: "0500 0100 aa eeeeee 0600 0200 bbbb eeee 0700 0300 cccccc")
    #expect(
      try Decoded.attributes(bytes) == [
        .value(1, [0xAA]), .value(2, [0xBB, 0xBB]), .value(3, [0xCC, 0xCC, 0xCC]),
      ])
  }

  @Test(arguments: [
    ("a length of 0", "0000 0100"), ("a length below the header's", "0300 0100"),
    ("a length beyond the end", "0900 0100 00000000"), ("the longest", "ffff 0100 00000000"),
    ("less than a header", "0400 01"), ("one byte", "04"),
    ("one byte behind a whole one", "0400 0100 00"),
  ])
  func `an attribute that does not fit is refused`(what: String, hex: String) {
    #expect(throws: NetlinkError.self, "\(what)") { try Decoded.attributes([UInt8](hex: hex)) }
  }

  @Test func `nested attributes that are cut off are refused, those around them are read`() throws {
    let bytes = [UInt8](hex: "0800 0180 0900 0200 0400 0300")
    #expect(
      try Decoded.attributes(bytes, depth: 8) == [.value(1, [9, 0, 2, 0]), .value(3, [])])
    let error = #expect(throws: NetlinkError.self) {
      var reader = AttributeReader(ByteReader(bytes.span.raw))
      guard let attribute = try reader.next() else { return }
      var inner = attribute.nested
      while try inner.next() != nil {}
    }
    #expect(error?.description.contains("does not fit the 4 bytes that are left") == true)
  }

  @Test func `an integer has exactly its length`() throws {
    let bytes = [UInt8](hex: "0400 0100 0600 0200 3412 0000 0800 0300 78563412")
    var sizes: [[UInt64?]] = []
    var reader = AttributeReader(ByteReader(bytes.span.raw))
    while let attribute = try reader.next() {
      let (short, long) = (
        try? attribute.integer(UInt16.self), try? attribute.integer(UInt32.self)
      )
      sizes.append([short.map(UInt64.init), long.map(UInt64.init)])
    }
    #expect(sizes == [[nil, nil], [0x1234, nil], [nil, 0x1234_5678]])
  }

  @Test(arguments: [
    ("ended", "0700 0100 414200", "AB"), ("not ended", "0600 0100 4142", "AB"),
    ("ended twice", "0800 0100 41004200", "A"), ("empty", "0400 0100", ""),
    ("only its end", "0500 0100 00", ""), ("not UTF-8", "0700 0100 41ff00", "A\u{FFFD}"),
  ])
  func `text goes to its first zero byte`(what: String, hex: String, text: String) throws {
    let bytes = [UInt8](hex: hex)
    var reader = AttributeReader(ByteReader(bytes.span.raw))
    guard let attribute = try reader.next() else { throw NetlinkError.malformed("nothing") }
    let found = attribute.text
    #expect(found == text, "\(what)")
  }

  @Test func `what is written has the bytes that the kernel expects`() {
    var writer = MessageWriter(
      family: GenericFamily(name: "NET_DM", number: 32, version: 2, groups: [:]), command: 2,
      flags: 5, sequence: 9)
    writer.attribute(1, UInt8(1))
    writer.attribute(9, UInt32(0x1234_5678))
    writer.attribute(20)
    writer.attribute(2, text: "AB")
    writer.attribute(3) { $0.attribute(0, UInt64(7)) }
    #expect(
      writer.bytes
        == [UInt8](
          hex: """
            40000000 2000 0500 09000000 00000000 02 02 0000
            0500 0100 01 000000
            0800 0900 78563412
            0400 1400
            0700 0200 414200 00
            1000 0300 0c00 0000 0700000000000000
            """))
  }

  @Test func `random trees are read as they were written`() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<2000 {
      let trees = Self.trees(depth: 4, &random)
      var writer = MessageWriter(family: .controller, command: 3, flags: 1, sequence: 1)
      for tree in trees { tree.write(to: &writer) }
      let read = try Decoded.genericAttributes(writer.bytes, depth: 8)
      #expect(read == trees)
      var again = MessageWriter(family: .controller, command: 3, flags: 1, sequence: 1)
      for tree in read { tree.write(to: &again) }
      #expect(again.bytes == writer.bytes)
    }
  }

  /// Values of 0xFF alone cannot be taken for nested attributes.
  private static func trees(depth: Int, _ random: inout SeededGenerator) -> [AttributeTree] {
    (0..<Int.random(in: 0...4, using: &random)).map { _ in
      let type = UInt16.random(in: 0...0x3FFF, using: &random)
      if depth > 0, Bool.random(using: &random) {
        let inner = trees(depth: depth - 1, &random)
        if !inner.isEmpty { return .nested(type, inner) }
      }
      let count = Int.random(in: 0...9, using: &random)
      return .value(type, [UInt8](repeating: 0xFF, count: count))
    }
  }
}
