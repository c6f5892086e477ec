import CDropRecords
import DropModel
import Testing

@testable import DropSources

/// What the ring's records become.
struct RetransmissionRecordTests {
  private func record(_ match: retransmission_match) -> retransmission_record {
    var record = retransmission_record()
    record.time = 5_000_000
    record.start = .max
    record.end = 999
    record.segments = 2
    record.error = 1
    record.match = UInt8(match.rawValue)
    record.cause.time = 2_000_000
    record.cause.reason = 7
    record.cause.netns = 0xF000_0001
    // ::ffff:10.0.0.1
    record.flow.source.10 = 0xFF
    record.flow.source.11 = 0xFF
    record.flow.source.12 = 10
    record.flow.source.15 = 1
    record.flow.destination.0 = 0xFD
    record.flow.destination.15 = 2
    return record
  }

  private func read(_ record: retransmission_record, bytes: Int? = nil) -> [Retransmission] {
    var batch = RetransmissionBatch()
    unsafe withUnsafeBytes(of: record) { raw in
      unsafe batch.append(
        record: UnsafeRawBufferPointer(rebasing: raw.prefix(bytes ?? raw.count)))
    }
    return batch.retransmissions
  }

  @Test func `a record has its addresses, its range and its cause`() throws {
    let read = try #require(read(record(RETRANSMISSION_EXACT)).first)
    #expect(read.match == .exact)
    #expect(read.flow.source == IPAddress(v4: 0x0A00_0001))
    #expect(read.flow.destination == IPAddress(v6: 0xFD00 << 48, 2))
    #expect(read.end &- read.start == 1000)
    #expect(read.error == 1)
    #expect(read.roundTrip == nil)
    #expect(read.cause?.age == .milliseconds(3))
    #expect(read.cause?.key.reason == 7)
  }

  @Test func `without a match there is no cause`() throws {
    let read = try #require(read(record(RETRANSMISSION_NONE)).first)
    #expect(read.match == .none)
    #expect(read.cause == nil)
  }

  @Test func `a record that is cut off anywhere is left out`() {
    let whole = record(RETRANSMISSION_FLOW)
    for bytes in 0..<MemoryLayout<retransmission_record>.size {
      #expect(read(whole, bytes: bytes).isEmpty)
    }
    #expect(read(whole).map(\.match) == [.flow])
  }
}
