import Bytes
import Testing

@testable import SourceLines

struct BuildIDTests {
  /// Two notes as /sys/kernel/notes has them: Linux's own version, then the linker's build id.
  private static let notes: [UInt8] =
    [6, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0] + Array("Linux\0".utf8) + [0, 0, 0, 0, 0, 0]
    + [4, 0, 0, 0, 6, 0, 0, 0, 3, 0, 0, 0] + Array("GNU\0".utf8)
    + [0x48, 0xDC, 0x54, 0x0C, 0x8B, 0x07, 0, 0]

  @Test func `it is found behind other notes`() throws {
    let build = try #require(BuildID(notes: Self.notes))
    #expect(build.description == "48dc540c8b07")
    #expect(build.path == "48/dc540c8b07.debug")
  }

  @Test func `every prefix of good notes has none, and does no harm`() {
    // The last two bytes only fill up.
    for length in 0..<Self.notes.count - 2 {
      #expect(BuildID(notes: Array(Self.notes[..<length])) == nil, "\(length) bytes")
    }
  }

  @Test func `a length beyond the end is no build id`() {
    var notes = Self.notes
    notes[28] = 0xFF
    notes[31] = 0xFF
    #expect(BuildID(notes: notes) == nil)
  }
}
