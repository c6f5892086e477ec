import Testing

@testable import Commands

struct LineReaderTests {
  private func lines(of reader: inout LineReader) -> [String] {
    var lines: [String] = []
    while let line = reader.next() { lines.append(line) }
    return lines
  }

  @Test func `lines come whole, however they are cut`() {
    var reader = LineReader()
    reader.add("sta".utf8)
    #expect(reader.next() == nil)
    reader.add("rt\nstop\nex".utf8)
    #expect(lines(of: &reader) == ["start", "stop"])
    reader.add("it".utf8)
    reader.end()
    #expect(lines(of: &reader) == ["exit"])
  }

  @Test func `an unfinished line can be forgotten`() {
    var reader = LineReader()
    reader.add("show\nsto".utf8)
    reader.forgetUnfinished()
    reader.add("help\n".utf8)
    #expect(lines(of: &reader) == ["show", "help"])
  }

  @Test func `a line without end does not take all memory`() {
    var reader = LineReader()
    reader.add([UInt8](repeating: 120, count: LineReader.longestLine))
    #expect(reader.next()?.count == LineReader.longestLine)
    #expect(reader.next() == nil)
  }
}
