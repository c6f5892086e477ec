import Bytes
import DropModel
import Testing

@testable import DropSources
@testable import KernelNames

/// Where each kernel's skb:kfree_skb has what, and reading it.
struct DropRecordTests {
  /// A format file with these fields: name, offset, size.
  private static func format(_ fields: [(String, Int, Int)]) throws -> TracepointFormat {
    let lines = fields.map { name, offset, size in
      "\tfield:unsigned long \(name);\toffset:\(offset);\tsize:\(size);\tsigned:0;\n"
    }
    let text = "name: kfree_skb\nID: 1332\nformat:\n\(lines.joined())\nprint fmt: \"\"\n"
    return try TracepointFormat(Array(text.utf8))
  }

  /// A record of 40 bytes, each its own offset.
  private static let record = (0..<40).map { UInt8($0) }

  @Test func `before 5.17 there is no reason`() throws {
    let record = try DropRecord(
      Self.format([("skbaddr", 8, 8), ("location", 16, 8), ("protocol", 24, 2)]))
    #expect(!record.hasReason)
    #expect(
      try record.key(ByteReader(Self.record.span.raw))
        == DropKey(
          site: 0x1716_1514_1312_1110, reason: DropKey.unknownReason, ethertype: 0x1918))
  }

  @Test func `6.1 has a reason behind the protocol`() throws {
    let record = try DropRecord(
      Self.format([
        ("skbaddr", 8, 8), ("location", 16, 8), ("protocol", 24, 2), ("reason", 28, 4),
      ]))
    #expect(record.hasReason)
    #expect(
      try record.key(ByteReader(Self.record.span.raw))
        == DropKey(site: 0x1716_1514_1312_1110, reason: 0x1F1E_1D1C, ethertype: 0x1918))
  }

  @Test func `6.12 has a socket between`() throws {
    let record = try DropRecord(
      Self.format([
        ("skbaddr", 8, 8), ("location", 16, 8), ("rx_sk", 24, 8), ("protocol", 32, 2),
        ("reason", 36, 4),
      ]))
    #expect(
      try record.key(ByteReader(Self.record.span.raw))
        == DropKey(site: 0x1716_1514_1312_1110, reason: 0x2726_2524, ethertype: 0x2120))
    for length in 0..<40 {
      #expect(throws: ByteReaderError.self) {
        try record.key(ByteReader(Self.record.span.extracting(0..<length).raw))
      }
    }
  }

  @Test func `a field that is missing or of another size is told by name`() throws {
    #expect(throws: SourceError.self) { try DropRecord(Self.format([("location", 16, 8)])) }
    let error = #expect(throws: SourceError.self) {
      try DropRecord(Self.format([("location", 16, 4), ("protocol", 24, 2)]))
    }
    #expect(error?.description.contains("location") == true)
  }
}
