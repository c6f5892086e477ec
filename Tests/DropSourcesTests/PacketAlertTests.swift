import DropModel
import Netlink
import NetlinkLab
import Testing

@testable import DropSources

/// What NET_DM_CMD_PACKET_ALERT tells of one packet.
struct PacketAlertTests {
  @Test func `a software packet has site, reason, symbol, device, protocol and bytes`() throws {
    let reading = AlertReading(KernelMessages.softwarePacket)
    let packet = try #require(reading.batch.packets.packets.first)
    #expect(packet.key.site == 0xFFFF_FFFF_B44B_CAE2)
    #expect(reading.reasons == [.spelling("NO_SOCKET"): 1])
    #expect(
      reading.batch.symbols == [
        SiteName(address: 0xFFFF_FFFF_B44B_CAE2, text: "__udp4_lib_rcv+0x9a2/0xc30")
      ])
    #expect(packet.key.interfaceIndex == 1)
    #expect(packet.ingressIndex == 1)
    #expect(reading.batch.devices.isEmpty)
    #expect(packet.key.ethertype == 0x0800)
    #expect(packet.key.transport == 17)
    #expect(packet.originalLength == 142)
    #expect(packet.bytes == 0..<42)
    #expect(packet.networkOffset == 14)
    #expect(reading.batch.packets.storage == KernelMessages.softwarePacket.suffix(44).dropLast(2))
  }

  @Test func `a hardware packet has trap, group and the port's name`() throws {
    let message = AlertBytes.changed(KernelMessages.hardwarePacket)
    let reading = AlertReading(message, message)
    let packet = try #require(reading.batch.packets.packets.first)
    #expect(packet.key.isHardware)
    #expect(packet.key.site == 0)
    #expect(packet.key.interfaceIndex == 2)
    #expect(packet.key.transport == 17)
    #expect(reading.reasons == [.trap("fid_miss", group: "l2_drops"): 2])
    // A name is told once.
    #expect(
      reading.batch.devices == [DeviceName(namespace: 0, interfaceIndex: 2, name: "eth0")])
    #expect(reading.batch.symbols.isEmpty)
  }

  @Test func `a port that is renamed is told again`() {
    func alert(_ name: String) -> [UInt8] {
      AlertBytes.packet { writer in
        writer.attribute(4) {
          $0.attribute(0, UInt32(2))
          $0.attribute(1, text: name)
        }
      }
    }
    let reading = AlertReading(alert("eth0"), alert("eth0"), alert("swp1"))
    #expect(reading.batch.devices.map(\.name) == ["eth0", "swp1"])
  }

  @Test func `an alert without attributes is one drop of which nothing is known`() throws {
    let reading = AlertReading(AlertBytes.packet { _ in })
    let packet = try #require(reading.batch.packets.packets.first)
    #expect(packet.key == DropKey(site: 0, reason: DropKey.unknownReason))
    #expect(packet.bytes.isEmpty)
    #expect(packet.networkOffset == nil)
    #expect(reading.total == 1)
  }

  @Test func `a hardware drop without a trap has an unknown one`() {
    let reading = AlertReading(AlertBytes.packet { $0.attribute(14, UInt16(1)) })
    #expect(reading.reasons == [.trap("?", group: nil): 1])
  }

  @Test(arguments: [
    ("not ended", Array("NO_SOCKET".utf8), "NO_SOCKET"), ("empty", [], ""),
    ("only its end", [0], ""),
    ("not UTF-8", [0x4E, 0xFF, 0xC3, 0], "N\u{FFFD}\u{FFFD}"),
    ("going on behind its end", [0x4E, 0, 0x4F], "N"),
  ])
  func `a reason's text is taken as far as it is text`(
    what: String, bytes: [UInt8], text: String
  ) {
    let reading = AlertReading(AlertBytes.packet { $0.attribute(23, bytes: bytes) })
    #expect(reading.reasons == [.spelling(text): 1], "\(what)")
  }

  @Test(arguments: [0, 1, 0x8000_0000, 0xFFFF_FFFF] as [UInt32])
  func `a port's index is any number and a number only`(index: UInt32) throws {
    let reading = AlertReading(
      AlertBytes.packet { $0.attribute(4) { $0.attribute(0, index) } })
    #expect(reading.batch.packets.packets.first?.key.interfaceIndex == index)
  }

  @Test(arguments: [2, 4, 5, 6, 10, 14] as [UInt16])
  func `a number of another size is refused, and nothing is counted`(key: UInt16) {
    let reading = AlertReading(
      AlertBytes.packet { writer in
        if key == 4 {
          writer.attribute(4) { $0.attribute(0, bytes: [1, 2, 3]) }
        } else {
          writer.attribute(key, bytes: [1, 2, 3])
        }
      })
    #expect(reading.error?.description.contains("has 3 bytes instead of") == true)
    #expect(reading.total == 0)
    #expect(reading.packets == 0)
  }

  /// A timestamp so large that its distance to now does not fit 63 bits ended the program: found by
  /// the fuzzer.
  @Test(
    arguments: [
      ("not told", 0), ("the first nanosecond", 1), ("the last of 63 bits", UInt64(Int64.max)),
      ("the most negative", 1 << 63), ("just behind it", 1 << 63 + 1), ("the last", .max),
      ("before the machine was started", 1_000_000_000),
    ] as [(String, UInt64)])
  func `a timestamp that cannot be is replaced by now`(what: String, timestamp: UInt64) throws {
    let before = MonotonicTime.now
    let reading = AlertReading(AlertBytes.packet { $0.attribute(5, timestamp) })
    let packet = try #require(reading.batch.packets.packets.first, "\(what)")
    #expect(packet.time >= before, "\(what)")
    #expect(packet.time <= .now, "\(what)")
  }

  @Test func `a timestamp in the past is kept and one in the future is not`() throws {
    func time(_ offset: Int64) throws -> MonotonicTime {
      let timestamp = UInt64(WallTime.now.nanoseconds + offset)
      let reading = AlertReading(AlertBytes.packet { $0.attribute(5, timestamp) })
      return try #require(reading.batch.packets.packets.first).time
    }
    let before = MonotonicTime.now
    let (past, future) = (try time(-5_000_000_000), try time(3_600_000_000_000))
    #expect(past.duration(to: before) > .milliseconds(4900))
    #expect(past.duration(to: .now) < .seconds(30))
    #expect(future >= before)
    #expect(future <= .now)
  }

  @Test(arguments: [
    ("IPv4", "0800", "45000014000000004011", 17 as UInt8, 14 as Int?),
    ("IPv4 cut before its protocol", "0800", "450000140000000040", 255, 14),
    ("IPv6", "86dd", "600000000000 3a", 58, 14),
    ("IPv6 with options before the transport", "86dd", "600000000000 00", 255, 14),
    ("IPv6 with a fragment header", "86dd", "600000000000 2c", 255, 14),
    ("ARP", "0806", "0001080006040001", 255, 14),
    ("another type in the frame than was told", "88b5", "45000014000000004011", 255, nil),
  ])
  func `the transport is read behind a link header that agrees with the protocol`(
    what: String, type: String, packet: String, transport: UInt8, offset: Int?
  ) throws {
    let told: UInt16 = type == "88b5" ? 0x0800 : UInt16(type, radix: 16) ?? 0
    let frame = [UInt8](hex: "000000000000 000000000000 \(type) \(packet)")
    let reading = AlertReading(
      AlertBytes.packet {
        $0.attribute(6, told)
        $0.attribute(7, bytes: frame)
      })
    let found = try #require(reading.batch.packets.packets.first)
    #expect(found.key.transport == transport, "\(what)")
    #expect(found.networkOffset == offset, "\(what)")
    #expect(reading.batch.packets.storage == frame, "\(what)")
  }

  @Test func `every cut of a frame is read without its transport or with it`() {
    let frame = [UInt8](hex: "000000000000 000000000000 0800 4500001400000000 40 11 0000")
    for length in 0...frame.count {
      let reading = AlertReading(
        AlertBytes.packet {
          $0.attribute(6, UInt16(0x0800))
          $0.attribute(7, bytes: Array(frame.prefix(length)))
        })
      let packet = reading.batch.packets.packets.first
      #expect(packet?.key.transport == (length < 24 ? 255 : 17), "\(length) bytes")
      #expect(packet?.networkOffset == (length < 14 ? nil : 14), "\(length) bytes")
    }
  }
}
