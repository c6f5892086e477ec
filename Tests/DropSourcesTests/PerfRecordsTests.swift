import Bytes
import NetlinkLab
import Testing

@testable import DropSources

/// The records of a perf ring, from bytes written by hand.
struct PerfRecordsTests {
  /// PERF_RECORD_SAMPLE with TIME and RAW: header, time, length of the raw record, the record.
  private static let sample: [UInt8] = [
    9, 0, 0, 0,  // type
    1, 0,  // misc: PERF_RECORD_MISC_KERNEL
    24, 0,  // size of all
    0x15, 0xCD, 0x5B, 0x07, 0, 0, 0, 0,  // time: 123,456,789 ns
    4, 0, 0, 0,  // bytes of the raw record
    0xDE, 0xAD, 0xBE, 0xEF,  // the raw record
  ]

  /// PERF_RECORD_LOST.
  private static let lost: [UInt8] = [
    2, 0, 0, 0, 0, 0, 24, 0,  // type, misc, size
    7, 0, 0, 0, 0, 0, 0, 0,  // id of the event
    0xE8, 0x03, 0, 0, 0, 0, 0, 0,  // 1,000 samples
  ]

  /// PERF_RECORD_THROTTLE, which nobody asked for.
  private static let other: [UInt8] = [5, 0, 0, 0, 0, 0, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8]

  @Test func `a sample, a loss and a stranger follow one another`() throws {
    let bytes = Self.sample + Self.lost + Self.other
    #expect(
      try read(bytes) == [
        "sample 123456789 [222, 173, 190, 239]", "lost 1000", "other",
      ])
  }

  @Test func `every cut within a record is an error and nothing more`() throws {
    for record in [Self.sample, Self.lost, Self.other] {
      for length in 1..<record.count {
        #expect(throws: ByteReaderError.self, "\(length) bytes") {
          try read(Array(record.prefix(length)))
        }
        // What stands before it has been read.
        #expect(throws: ByteReaderError.self) { try read(Self.sample + record.prefix(length)) }
      }
    }
  }

  @Test(arguments: [0, 1, 7] as [UInt8])
  func `a size smaller than the header's ends it instead of going round for ever`(size: UInt8) {
    #expect(throws: ByteReaderError.self) { try read([9, 0, 0, 0, 0, 0, size, 0, 1, 2, 3, 4]) }
  }

  @Test func `a raw record longer than its sample is an error`() {
    var bytes = Self.sample
    bytes[16] = 5
    #expect(throws: ByteReaderError.self) { try read(bytes) }
    bytes.replaceSubrange(16..<20, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(throws: ByteReaderError.self) { try read(bytes) }
  }

  @Test func `records without a body are no sample and no loss, but may be strangers`() throws {
    for type in [9, 2] as [UInt8] {
      #expect(throws: ByteReaderError.self) { try read([type, 0, 0, 0, 0, 0, 8, 0] + Self.other) }
    }
    #expect(try read([5, 0, 0, 0, 0, 0, 8, 0] + Self.lost) == ["other", "lost 1000"])
  }

  @Test func `an empty raw record is a sample, in which no drop can be read`() throws {
    var empty = Self.sample.dropLast(4)
    empty[6] = 20
    empty[16] = 0
    #expect(try read(Array(empty) + Self.other) == ["sample 123456789 []", "other"])
  }

  @Test func `the largest loss is read`() throws {
    let largest = Self.lost.dropLast(8) + [UInt8](repeating: 0xFF, count: 8)
    #expect(try read(Array(largest)) == ["lost 18446744073709551615"])
  }

  @Test func `20,000 damaged rings are read to a fault or to their end, no byte twice`() {
    var random = SeededGenerator(seed: 9)
    let ring = Self.sample + Self.lost + Self.other + Self.sample
    var faults = 0
    for number in 0..<20_000 {
      let bytes = ring.damaged(&random)
      var (records, read) = (PerfRecords(bytes.span.raw), 0)
      do {
        while let record = try records.next() { read += 8 + record.sample.count }
      } catch {
        faults += 1
      }
      if read > bytes.count { Issue.record("\(number): \(bytes)") }
    }
    #expect((2000...19_000).contains(faults))
  }

  private func read(_ bytes: [UInt8]) throws -> [String] {
    var found: [String] = []
    var records = PerfRecords(bytes.span.raw)
    while let record = try records.next() {
      switch record.kind {
      case .sample(let time):
        var reader = record.sample
        var raw: [UInt8] = []
        while let byte = try? reader.read(UInt8.self) { raw.append(byte) }
        found.append("sample \(time) \(raw)")
      case .lost(let count): found.append("lost \(count)")
      case .other: found.append("other")
      }
    }
    return found
  }
}
