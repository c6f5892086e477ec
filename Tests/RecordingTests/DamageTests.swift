import Bytes
import DropModel
import Glibc
import Testing

@testable import Recording

/// Files that are not what they should be: refused or salvaged with a clear word, and never a crash.
struct DamageTests {
  private let scratch = Scratch()

  /// A recording's bytes.
  private func recording(seconds: Int = 3) throws -> [UInt8] {
    let sink = try RecordingSink(RecordingPath(scratch.file("good.db")))
    try Sample.record(into: sink, seconds: seconds)
    return try [UInt8](contentsOfFile: scratch.file("good.db"))
  }

  private func write(_ bytes: [UInt8]) {
    let descriptor = unsafe open(scratch.file(), O_CREAT | O_WRONLY | O_TRUNC, 0o600)
    var buffer = TextBuffer(capacity: bytes.count)
    buffer.append(bytes.span)
    try? buffer.write(to: descriptor)
    close(descriptor)
  }

  /// Reads all there is; returns what was told of it, or why it was refused.
  private func read() -> (notes: [String], refusal: String?) {
    do {
      let file = try RecordingFile(path: scratch.file())
      let names = RecordedNames(file)
      let source = RecordingSource(file, advancingBy: .seconds(1), handsOver: true)
      var batch = DropBatch()
      try source.stop(into: &batch)
      for tally in batch.tallies { _ = names.drop(for: tally.key) }
      return (file.notes, nil)
    } catch {
      return ([], "\(error)")
    }
  }

  @Test(
    arguments: [
      ([], "it is empty"), (Array("SQLite format".utf8), "not an SQLite file"),
      (Array("SQLite format 3\0".utf8), "cut off"),
      ([UInt8](repeating: 0x7F, count: 5000), "not an SQLite file"),
    ] as [([UInt8], String)])
  func `what is no recording is refused`(bytes: [UInt8], word: String) {
    write(bytes)
    let refusal = read().refusal
    #expect(refusal?.contains("is not a dropwatch recording") == true)
    #expect(refusal?.contains(word) == true)
  }

  @Test func `a newer format and a foreign database are told apart`() throws {
    var bytes = try recording()
    bytes[63] = 2
    write(bytes)
    #expect(read().refusal?.contains("has the format 2, and this dropwatch reads 1") == true)
    bytes[63] = 1
    bytes[68] = 0
    write(bytes)
    #expect(read().refusal?.contains("another program's SQLite file") == true)
  }

  @Test func `a recording that is cut anywhere is refused or read with a word`() throws {
    let bytes = try recording()
    for length in stride(from: 0, to: bytes.count, by: 4001) {
      write(Array(bytes.prefix(length)))
      let result = read()
      #expect(result.refusal != nil || !result.notes.isEmpty, "\(length) bytes of \(bytes.count)")
    }
  }

  @Test func `bytes that flipped never crash the reader`() throws {
    let bytes = try recording()
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var damaged = bytes
      for _ in 0..<8 {
        damaged[Int.random(in: 100..<bytes.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      write(damaged)
      _ = read()
    }
  }

  @Test func `an unfinished recording keeps its log, and the reader changes neither`() throws {
    let sink = try RecordingSink(RecordingPath(scratch.file()))
    try Sample.record(into: sink, seconds: 3, ending: false)
    let before = try [UInt8](contentsOfFile: scratch.file() + "-wal")
    let result = read()
    #expect(result.notes.count == 1)
    #expect(try [UInt8](contentsOfFile: scratch.file() + "-wal") == before)
    // Without the log what was in it is missing, and that is said.
    unsafe _ = unlink(scratch.file() + "-wal")
    unsafe _ = unlink(scratch.file() + "-shm")
    let shortened = read()
    #expect(shortened.refusal != nil || !shortened.notes.isEmpty)
  }
}
