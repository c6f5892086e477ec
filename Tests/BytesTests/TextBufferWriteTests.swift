import Bytes
import Glibc
import Testing

/// A pipe whose ends are closed with it.
private final class Pipe {
  let reader: Int32
  let writer: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    (reader, writer) = (ends[0], ends[1])
  }

  deinit {
    close(reader)
    close(writer)
  }
}

struct TextBufferWriteTests {
  @Test func `everything arrives through a full pipe that does not block`() async throws {
    let pipe = try Pipe()
    try #require(fcntl(pipe.writer, F_SETFL, O_NONBLOCK) == 0)
    let length = 1 << 20
    async let received = countToNewline(pipe.reader)

    var buffer = TextBuffer()
    buffer.append(0x61 as UInt8, repeated: length)
    try buffer.write(to: pipe.writer)
    let isEmpty = buffer.isEmpty
    buffer.append("\n")
    try buffer.write(to: pipe.writer)
    #expect(isEmpty)
    #expect(await received == length + 1)
  }

  @Test func `a pipe that nobody reads is its own error`() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    #expect(throws: WriteError.brokenPipe) {
      var buffer = TextBuffer()
      buffer.append("nobody hears")
      try buffer.write(to: ends[1])
    }
  }

  @Test func `a failed write keeps the text`() {
    var buffer = TextBuffer()
    buffer.append("kept")
    do throws(WriteError) {
      try buffer.write(to: -1)
      Issue.record("written to nowhere")
    } catch {
      #expect(error == .failed(code: EBADF))
    }
    let text = buffer.text
    #expect(text == "kept")
  }
}

/// Reads up to the newline that ends the text, and counts the bytes.
@concurrent
private func countToNewline(_ reader: Int32) async -> Int {
  var total = 0
  var chunk = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = unsafe read(reader, &chunk, chunk.count)
    guard count > 0 else { return total }
    total += count
    if chunk[count - 1] == UInt8(ascii: "\n") { return total }
  }
}
