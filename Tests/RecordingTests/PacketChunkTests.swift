import Bytes
import DropModel
import Testing

@testable import PacketChunks

/// The records that packets are packed into.
struct PacketChunkTests {
  private static let numbers = ChunkNumbers(
    keys: [1: Sample.udp, 2: Sample.queued], owners: [1: Sample.owner],
    stacks: [1: [1, 0, 0, 0, 0, 0, 0, 0x80]])

  /// Two packets, the first with everything.
  private static var chunk: (bytes: [UInt8], packets: PacketBatch) {
    var packets = PacketBatch()
    Sample.append(
      Sample.udp, at: 0, owner: Sample.owner, stack: [0x8000_0000_0000_0001], to: &packets)
    Sample.append(Sample.queued, at: 1, size: 20, to: &packets)
    var chunk = PacketChunk()
    chunk.append(packets.packets[0], from: packets.storage, key: 1, owner: 1, stack: 1)
    chunk.append(packets.packets[1], from: packets.storage, key: 2, owner: 0, stack: 0)
    return (chunk.bytes, packets)
  }

  @Test func `packets are read as they were written`() throws {
    let (bytes, written) = Self.chunk
    var read = PacketBatch()
    try read.append(chunk: bytes.span.raw, Self.numbers)
    #expect("\(read)" == "\(written)")
  }

  @Test func `a chunk's layout stays what it is`() {
    let (bytes, _) = Self.chunk
    let expected: [UInt8] = [
      0x00, 0x22, 0xE2, 0x33, 0x0E, 0, 0, 0,  // time: 61 s
      1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,  // key, owner, stack
      68, 0, 0, 0, 0xEA, 5, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0,  // lengths, segments, ingress
      60, 0, 0, 0, 14, 0, 0xFF, 0xFF,  // captured, network, transport
      7, 2, 17, 7, 1, 0, 0, 0, 0, 0, 0, 0x80,  // flags, family, transport, state, cookie
    ]
    #expect(Array(bytes.prefix(56)) == expected)
    #expect(bytes.count == 56 + 60 + 56 + 20)
  }

  @Test func `every chunk that is cut off is refused, and what is whole is there`() {
    let (bytes, _) = Self.chunk
    for length in 1..<bytes.count where length != 56 + 60 {
      var read = PacketBatch()
      let error = #expect(throws: PacketChunkError.self) {
        try read.append(chunk: bytes.span.raw.extracting(first: length), Self.numbers)
      }
      guard case .truncated? = error else {
        Issue.record("\(length) bytes: \(String(describing: error))")
        continue
      }
      #expect(read.packets.count == (length > 56 + 60 ? 1 : 0))
    }
  }

  @Test(arguments: [
    ("keys", 8), ("owners", 12), ("stacks", 16),
  ])
  func `a number that a table lacks is refused`(table: String, offset: Int) {
    var (bytes, _) = Self.chunk
    bytes[offset] = 99
    #expect(throws: PacketChunkError.unknown(table: table, number: 99)) {
      var read = PacketBatch()
      try read.append(chunk: bytes.span.raw, Self.numbers)
    }
  }

  @Test(arguments: [40, 42])
  func `a header outside of its packet is refused`(offset: Int) {
    var (bytes, _) = Self.chunk
    bytes[offset] = 61
    bytes[offset + 1] = 0
    #expect(throws: PacketChunkError.offset(61)) {
      var read = PacketBatch()
      try read.append(chunk: bytes.span.raw, Self.numbers)
    }
  }
}
