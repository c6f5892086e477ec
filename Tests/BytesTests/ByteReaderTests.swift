import Bytes
import Testing

// #expect captures its operands, which a reader cannot be: values are taken out of it first.
struct ByteReaderTests {
  @Test func `integers are read in both byte orders and need no alignment`() throws {
    let bytes: [UInt8] = [0xff, 1, 2, 3, 4, 5, 6, 7, 8]
    var reader = ByteReader(bytes.span.raw)
    let first = try reader.read(UInt8.self)
    let little = try reader.read(UInt32.self)
    let big = try reader.read(UInt32.self, .big)
    let atEnd = reader.isAtEnd
    #expect(first == 0xff)
    #expect(little == 0x0403_0201)
    #expect(big == 0x0506_0708)
    #expect(atEnd)
    try reader.seek(to: 1)
    let whole = try reader.read(UInt64.self, .big)
    #expect(whole == 0x0102_0304_0506_0708)
    try reader.seek(to: 0)
    let signed = try reader.read(Int8.self)
    #expect(signed == -1)
  }

  @Test func `a read beyond the end is refused and leaves the position`() throws {
    let bytes: [UInt8] = [1, 2, 3]
    var reader = ByteReader(bytes.span.raw)
    try reader.skip(1)
    do throws(ByteReaderError) {
      _ = try reader.read(UInt32.self)
      Issue.record("read four bytes of two")
    } catch {
      #expect(error == .truncated(wanted: 4, at: 1, of: 3))
    }
    let (position, remaining) = (reader.position, reader.remaining)
    #expect(position == 1)
    #expect(remaining == 2)
  }

  @Test(arguments: [-1, Int.min, 4, Int.max])
  func `a length that cannot be is refused`(count: Int) {
    let bytes: [UInt8] = [1, 2, 3]
    var reader = ByteReader(bytes.span.raw)
    let skipped: Void? = try? reader.skip(count)
    let sought: Void? = try? reader.seek(to: count)
    let position = reader.position
    #expect(skipped == nil)
    #expect(sought == nil)
    #expect(position == 0)
  }

  @Test func `a reader of a part cannot leave it`() throws {
    let bytes: [UInt8] = [1, 2, 3, 4]
    var reader = ByteReader(bytes.span.raw)
    try reader.skip(1)
    var part = try reader.readReader(2)
    let inside = try part.read(UInt16.self)
    let outside = try? part.read(UInt8.self)
    let after = try reader.read(UInt8.self)
    #expect(inside == 0x0302)
    #expect(outside == nil)
    #expect(after == 4)
  }

  @Test func `nothing is read of nothing`() {
    let bytes: [UInt8] = []
    var reader = ByteReader(bytes.span.raw)
    let (atEnd, next, last) = (reader.isAtEnd, reader.next, reader.last)
    let (distance, number, text) = (reader.distance(to: 0), reader.readDecimal(), reader.rest.text)
    let isEmpty = reader.rest.equals("")
    #expect(atEnd)
    #expect(next == nil)
    #expect(last == nil)
    #expect(distance == nil)
    #expect(number == nil)
    #expect(text.isEmpty)
    #expect(isEmpty)
  }

  @Test func `text is read line by line and an unfinished line is none`() {
    let bytes = Array("one\n\nthr".utf8)
    var reader = ByteReader(bytes.span.raw)
    var lines: [String] = []
    while let line = reader.readLine() { lines.append(line.rest.text) }
    let (same, other) = (reader.rest.equals("thr"), reader.rest.equals("the"))
    let accepted = [reader.accept("th"), reader.accept("rx"), reader.accept(UInt8(ascii: "r"))]
    #expect(lines == ["one", ""])
    #expect(same)
    #expect(!other)
    #expect(accepted == [true, false, true])
  }

  @Test(
    arguments: [
      ("0", 0), ("18446744073709551615", .max), ("18446744073709551616", nil),
      ("99999999999999999999", nil), ("12a", 12), ("a", nil), ("", nil),
    ] as [(String, UInt64?)])
  func `a decimal number fits 64 bits or is none`(text: String, value: UInt64?) {
    let bytes = Array(text.utf8)
    var reader = ByteReader(bytes.span.raw)
    let number = reader.readDecimal()
    let position = reader.position
    #expect(number == value)
    #expect(value != nil || position == 0)
  }

  @Test(
    arguments: [
      ("ffffffffffffffff", .max), ("10000000000000000", nil), ("DeadBeef", 0xdead_beef),
      ("g", nil),
    ] as [(String, UInt64?)])
  func `a hexadecimal number fits 64 bits or is none`(text: String, value: UInt64?) {
    let bytes = Array(text.utf8)
    var reader = ByteReader(bytes.span.raw)
    let number = reader.readHexadecimal()
    #expect(number == value)
  }

  @Test(arguments: [(4, 2), (3, 1), (2, 0), (1, 4), (0, 4), (6, 4), (7, 4), (-1, 4)])
  func `what lies behind a new end is forgotten, what has been read is not`(
    end: Int, remaining: Int
  ) throws {
    let bytes: [UInt8] = [1, 2, 3, 4, 5, 6]
    var reader = ByteReader(bytes.span.raw)
    let first: UInt16 = try reader.read(.big)
    reader.truncate(to: end)
    let left = reader.remaining
    #expect(first == 0x0102)
    #expect(left == remaining)
  }
}
