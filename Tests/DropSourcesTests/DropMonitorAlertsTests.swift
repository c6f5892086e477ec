import DropModel
import Netlink
import NetlinkLab
import Testing

@testable import DropSources

/// Alerts of the drop monitor into tallies and packets; what a packet alert tells of its packet is
/// tested beside it.
struct DropMonitorAlertsTests {
  private static let first: UInt64 = 0xFFFF_FFFF_8188_4B72
  private static let second: UInt64 = 0xFFFF_FFFF_817A_8CEA
  private static let hardwareSummary = AlertBytes.changed(KernelMessages.hardwareSummary)
  private static let hardwarePacket = AlertBytes.changed(KernelMessages.hardwarePacket)

  @Test func `a summary's sites are counted, those of several messages together`() {
    let one = AlertReading(KernelMessages.summary)
    #expect(one.sites == [Self.first: 5, Self.second: 3])
    #expect(one.total == 8)
    let more = AlertReading(
      KernelMessages.summary + KernelMessages.summary, KernelMessages.summary)
    #expect(more.sites == [Self.first: 15, Self.second: 9])
    #expect(more.batch.tallies.count == 2)
    #expect(more.isConserved)
    #expect(more.error == nil)
  }

  @Test func `a summary tells no reason and no packets`() {
    let reading = AlertReading(KernelMessages.summary)
    #expect(reading.batch.tallies.allSatisfy { $0.key.reason == DropKey.unknownReason })
    #expect(reading.batch.tallies.allSatisfy { $0.counts.segments == $0.counts.drops })
    #expect(reading.packets == 0)
    #expect(reading.batch.reasons.isEmpty)
  }

  @Test func `a hardware summary's traps are reasons`() {
    let reading = AlertReading(Self.hardwareSummary)
    #expect(
      reading.reasons == [
        .trap("fid_miss", group: nil): 4, .trap("blackhole_route", group: nil): 6,
      ]
    )
    #expect(reading.batch.tallies.allSatisfy { $0.key.isHardware && $0.key.site == 0 })
    // The second time nothing is told that was told before.
    #expect(AlertReading(Self.hardwareSummary, Self.hardwareSummary).batch.reasons.count == 2)
  }

  @Test func `a hardware drop without a trap is refused, those before it are counted`() {
    let reading = AlertReading(
      AlertBytes.message(1) {
        $0.attribute(17) {
          $0.attribute(18) {
            $0.attribute(16, text: "fid_miss")
            $0.attribute(19, UInt32(4))
          }
          $0.attribute(18) { $0.attribute(19, UInt32(9)) }
        }
      })
    #expect(reading.total == 4)
    #expect(reading.error == .malformed("a hardware drop without a trap"))
  }

  @Test func `software and hardware packets are counted and handed over`() {
    let reading = AlertReading(KernelMessages.softwarePacket + Self.hardwarePacket)
    #expect(reading.packets == 2)
    #expect(
      reading.reasons == [.spelling("NO_SOCKET"): 1, .trap("fid_miss", group: "l2_drops"): 1])
    #expect(reading.batch.tallies.map(\.counts.bytes) == [142, 142])
    #expect(reading.batch.packets.packets.map(\.bytes) == [0..<42, 42..<84])
    let counted = AlertReading(
      KernelMessages.softwarePacket + Self.hardwarePacket, handsOver: false)
    #expect(counted.total == 2)
    #expect(counted.batch.packets.packets.isEmpty)
    #expect(counted.batch.packets.storage.isEmpty)
  }

  @Test func `messages of others and commands that nobody knows are passed over`() {
    let reading = AlertReading(
      KernelMessages.acknowledgement + AlertBytes.changed(KernelMessages.summary, family: 33)
        + AlertBytes.changed(KernelMessages.summary, at: 16, [99]) + KernelMessages.configuration
        + KernelMessages.summary)
    #expect(reading.total == 8)
    #expect(reading.error == nil)
  }

  @Test func `attributes that nobody knows are passed over`() {
    let unknown = AlertBytes.message(1) { $0.attribute(99, text: "new") }.dropFirst(20)
    for message in [
      KernelMessages.summary, KernelMessages.softwarePacket, Self.hardwareSummary,
      Self.hardwarePacket,
    ] {
      let extended = message.prefix(20) + unknown + message.dropFirst(20) + unknown
      let whole = [UInt8(extended.count)] + extended.dropFirst()
      let (plain, more) = (AlertReading(message), AlertReading(whole))
      #expect(more.error == nil)
      #expect(more.total == plain.total)
      #expect(more.reasons == plain.reasons)
      #expect(more.batch.packets.storage == plain.batch.packets.storage)
    }
  }

  @Test(arguments: [3, 64, 0xFFFF_FFFF] as [UInt32])
  func `a count larger than its bytes is an error, and what is there is counted`(count: UInt32) {
    let reading = AlertReading(
      AlertBytes.summary(count: count, sites: [(Self.first, 5), (Self.second, 3)]))
    #expect(reading.error == .malformed("a summary ends within a drop site"))
    #expect(reading.sites == [Self.first: 5, Self.second: 3])
    #expect(reading.isConserved)
  }

  @Test func `a count smaller than its bytes is believed`() {
    let reading = AlertReading(
      AlertBytes.summary(count: 1, sites: [(Self.first, 5), (Self.second, 3)]))
    #expect(reading.sites == [Self.first: 5])
    #expect(AlertReading(AlertBytes.summary(count: 0, sites: [])).total == 0)
  }

  @Test func `the largest counts do not overflow`() {
    let summary = AlertBytes.summary(
      count: 64, sites: Array(repeating: (Self.first, 0xFFFF_FFFF), count: 64))
    let reading = AlertReading(summary, summary)
    #expect(reading.total == 128 * 0xFFFF_FFFF)
    #expect(reading.isConserved)
  }

  @Test func `a summary without room for one more site is told`() {
    let sites = (0..<64).map { (Self.first + UInt64($0), UInt32(1)) }
    #expect(AlertReading(AlertBytes.summary(count: 64, sites: sites)).fullSummaries == 1)
    #expect(
      AlertReading(AlertBytes.summary(count: 63, sites: sites.dropLast())).fullSummaries == 0)
  }

  @Test func `a device's rx_dropped is a hint and no drop`() {
    let reading = AlertReading(AlertBytes.summary(count: 2, sites: [(0, 7), (Self.first, 1)]))
    #expect(reading.receiveDropHints == 7)
    #expect(reading.sites == [Self.first: 1])
    #expect(reading.total == 1)
  }

  @Test func `of every prefix of an alert no more is counted than of all of it`() {
    for message in [
      KernelMessages.summary, KernelMessages.softwarePacket, Self.hardwareSummary,
      Self.hardwarePacket,
    ] {
      let whole = AlertReading(message)
      #expect(whole.error == nil)
      for (length, prefix) in zip(16..., AlertBytes.prefixes(of: message)) {
        let reading = AlertReading(prefix)
        #expect(reading.isConserved, "\(length) bytes")
        #expect(reading.total <= whole.total, "\(length) bytes")
      }
      for length in 1..<message.count {
        let reading = AlertReading(Array(message.prefix(length)))
        #expect(reading.error != nil, "\(length) bytes of a longer message")
        #expect(reading.total == 0, "\(length) bytes of a longer message")
      }
    }
  }

  @Test func `what stands before a fault has been counted`() {
    let reading = AlertReading(KernelMessages.summary + KernelMessages.softwarePacket.dropLast())
    #expect(reading.error != nil)
    #expect(reading.total == 8)
  }

  @Test func `20,000 damaged datagrams are read as far as they go, and everything adds up`() {
    var random = SeededGenerator(seed: 7)
    let good = [
      KernelMessages.summary, KernelMessages.softwarePacket, Self.hardwareSummary,
      Self.hardwarePacket, KernelMessages.summary + Self.hardwareSummary,
    ]
    var faults = 0
    for number in 0..<20_000 {
      let damaged = good[number % good.count].damaged(&random)
      let reading = AlertReading(damaged)
      if reading.error != nil { faults += 1 }
      if !reading.isConserved { Issue.record("\(number): \(damaged)") }
    }
    // Neither are all of them refused at once, nor none.
    #expect((2000...18_000).contains(faults))
  }
}
