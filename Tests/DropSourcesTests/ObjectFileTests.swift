import BPF
import Testing

@testable import DropSources

/// The BPF object in which a function gets another body.
struct ObjectFileTests {
  private static let name = "matches_expression"

  @Test func `the function that expressions replace is the last of its section`() throws {
    var file = ObjectFile(kfree_skbObject)
    let body = (0..<100).map { UInt64($0) }
    try file.replace(function: Self.name, by: body)
    #expect(file.bytes.count > kfree_skbObject.count + 8 * body.count)
    // It still is, and can be replaced again by a shorter one.
    let count = file.bytes.count
    try file.replace(function: Self.name, by: [0x95])
    #expect(file.bytes.count == count)
  }

  @Test func `a longer body for another function, or for none, is refused`() {
    let long = [UInt64](repeating: 0x95, count: 5000)
    for name in ["new_tally", "typed_counting", "no_such_function", ""] {
      var file = ObjectFile(kfree_skbObject)
      #expect(throws: BPFError.self) { try file.replace(function: name, by: long) }
      #expect(file.bytes == kfree_skbObject)
    }
  }

  @Test func `no part of an object is taken for a whole one`() {
    let count = kfree_skbObject.count
    // Section headers come last, so that already one byte less is too few.
    for length in Array(stride(from: 0, to: count, by: 997)) + [1, 63, 64, count - 1] {
      var file = ObjectFile(Array(kfree_skbObject.prefix(length)))
      #expect(throws: BPFError.self) { try file.replace(function: Self.name, by: [0x95]) }
    }
  }
}
