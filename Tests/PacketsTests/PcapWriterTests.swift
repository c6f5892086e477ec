import Bytes
import DropModel
import Testing

@testable import Packets

struct PcapWriterTests {
  private let time = WallTime(nanoseconds: 1_700_000_001_234_567_890)

  /// Integers of the machine's byte order, one behind the other.
  private func words(_ values: UInt32...) -> [UInt8] {
    values.flatMap { value in bytes(of: value) }
  }

  private func bytes(of value: UInt32) -> [UInt8] {
    (0..<4).map { index in
      UInt8(truncatingIfNeeded: value >> (8 * (ByteOrder.host == .little ? index : 3 - index)))
    }
  }

  @Test func `a file begins with the header of classic pcap`() {
    let file = PcapWriter(.netlink)
    let version = ByteOrder.host == .little ? UInt32(0x0004_0002) : 0x0002_0004
    #expect(file.bytes == words(0xA1B2_C3D4, version, 0, 0, 262_144, 253))
    #expect(file.bytes.count == PcapWriter.headerSize)
  }

  @Test func `a record has its time in microseconds and its length twice`() {
    var file = PcapWriter(.netlink)
    file.removeFirst(PcapWriter.headerSize)
    #expect(file.append(at: time) { $0 += [1, 2, 3] })
    #expect(file.bytes == words(1_700_000_001, 234_567, 3, 3) + [1, 2, 3])
  }

  @Test func `records follow one another without padding`() {
    var file = PcapWriter(.netlink)
    file.removeFirst(PcapWriter.headerSize)
    file.append(at: time) { $0 += [1, 2, 3] }
    file.append(at: time) { _ in }
    #expect(file.bytes.count == 16 + 3 + 16)
    #expect(Array(file.bytes.suffix(8)) == words(0, 0))
  }

  @Test func `a netlink message stands behind a cooked header in network byte order`() {
    var file = PcapWriter(.netlink)
    file.removeFirst(PcapWriter.headerSize)
    file.appendNetlink(at: time, protocol: 16) { $0 += [0xAA] }
    #expect(
      Array(file.bytes.dropFirst(16))
        == [0, 4, 3, 0x38, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0xAA])
    #expect(Array(file.bytes[8..<16]) == words(17, 17))
  }

  @Test func `a record that readers would refuse is left out, and nothing of it stays`() {
    var file = PcapWriter(.netlink)
    let before = file.bytes
    let long = [UInt8](repeating: 7, count: PcapWriter.longestRecord)
    #expect(!file.append(at: time) { $0 += long + [7] })
    #expect(file.bytes == before)
    #expect(file.append(at: time) { $0 += long })
    #expect(file.bytes.count == before.count + 16 + long.count)
  }

  @Test func `what has been written is removed from the front`() {
    var file = PcapWriter(.netlink)
    file.append(at: time) { $0 += [1, 2, 3] }
    file.removeFirst(PcapWriter.headerSize + 16)
    #expect(file.bytes == [1, 2, 3])
    file.removeFirst(3)
    #expect(file.bytes.isEmpty)
  }
}
