import CDropRecords
import DropModel
import Testing

@testable import DropSources

/// What the programs put into the ring, read back.
struct PacketRecordTests {
  private static let bytes: [UInt8] = [0xDE, 0xAD, 0xBE, 0xEF]

  /// A record with what lies between header and bytes.
  private static func record(
    _ middle: [UInt8] = [], _ fill: (inout drop_packet) -> Void
  ) -> [UInt8] {
    var header = drop_packet()
    header.length = 100
    header.captured = UInt16(bytes.count)
    header.bytes_offset = UInt16(MemoryLayout<drop_packet>.size + middle.count)
    header.network_offset = UInt16(DROP_OFFSET_NONE)
    header.transport_offset = UInt16(DROP_OFFSET_NONE)
    fill(&header)
    return raw(header) + middle + bytes
  }

  private static func raw<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] {
    unsafe withUnsafeBytes(of: value) { unsafe Array($0) }
  }

  private static func trap(_ name: String, _ group: String) -> [UInt8] {
    [name, group].flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: 40 - $0.utf8.count) }
  }

  private func append(
    _ record: [UInt8], to batch: inout DropBatch, _ numbers: inout KeyNumbers
  ) {
    unsafe record.withUnsafeBytes { unsafe batch.append(record: $0, numbers: &numbers) }
  }

  @Test func `a trap becomes a reason with a number, told once`() throws {
    var batch = DropBatch()
    var numbers = KeyNumbers()
    for name in ["blackhole_route", "ttl_value_is_too_small", "blackhole_route"] {
      append(
        Self.record(Self.trap(name, "l3_drops")) {
          $0.key.reason = DROP_REASON_HARDWARE
          $0.key.interface = 7
          $0.key.netns = 4_026_531_840
          $0.key.ethertype = 0x0800
          $0.key.transport = 17
          $0.ingress = 7
        }, to: &batch, &numbers)
    }
    #expect(
      batch.reasons.map(\.text) == [
        .trap("blackhole_route", group: "l3_drops"),
        .trap("ttl_value_is_too_small", group: "l3_drops"),
      ])
    let packets = batch.packets.packets
    #expect(
      packets.map(\.key.reason) == [0, 1, 0].map { batch.reasons[$0].number })
    let packet = try #require(packets.first)
    #expect(packet.key.isHardware)
    #expect(packet.key.interfaceIndex == 7)
    #expect(packet.key.transport == 17)
    #expect(packet.ingressIndex == 7)
    #expect(packet.stack.isEmpty)
    #expect(Array(batch.packets.storage[packet.bytes]) == Self.bytes)
  }

  @Test func `a queueing discipline becomes a number, told once`() {
    var batch = DropBatch()
    var numbers = KeyNumbers()
    for handle: UInt32 in [0x8001_0000, 0x8002_0000, 0x8001_0000, 0] {
      append(
        Self.record {
          $0.key.site = 16
          $0.key.reason = 0x3_0002
          $0.qdisc.handle = handle
          $0.qdisc.parent = Qdisc.root
          // No kind: nobody remembered it.
          if handle != 0 { $0.qdisc.kind.0 = CChar(bitPattern: UInt8(ascii: "x")) }
        }, to: &batch, &numbers)
    }
    #expect(batch.packets.packets.map(\.key.qdisc) == [1, 2, 1, 0])
    #expect(batch.packets.packets.allSatisfy { $0.key.reason == 0x3_0002 })
    #expect(
      batch.qdiscs.map(\.qdisc) == [
        Qdisc(kind: "x", handle: 0x8001_0000), Qdisc(kind: "x", handle: 0x8002_0000),
      ])
    #expect(batch.reasons.isEmpty)
  }

  @Test func `a record that ends too early is left out or cut, never read beyond`() {
    let whole = Self.record(Self.trap("tail_drop", "buffer_drops")) {
      $0.key.reason = DROP_REASON_HARDWARE
    }
    let fixed = MemoryLayout<drop_packet>.size + MemoryLayout<drop_trap>.size
    for length in 0...whole.count {
      var batch = DropBatch()
      var numbers = KeyNumbers()
      append(Array(whole.prefix(length)), to: &batch, &numbers)
      #expect(batch.packets.packets.count == (length < fixed ? 0 : 1))
      #expect(batch.packets.storage.count == max(0, length - fixed))
    }
  }
}
