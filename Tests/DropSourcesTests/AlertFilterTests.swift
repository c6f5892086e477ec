import DropModel
import DropSources
import Filters
import NetlinkLab
import Testing

/// Alerts of the drop monitor that are not asked for: left out in user space, and counted.
struct AlertFilterTests {
  private static let packet = KernelMessages.softwarePacket
  private static let trapped = AlertBytes.changed(KernelMessages.hardwarePacket)
  private static let noSocket = DropFilter.Reason.number(3, spelling: "NO_SOCKET")

  private static func filter(_ adjust: (inout DropFilter) throws -> Void) rethrows -> DropFilter {
    var filter = DropFilter()
    try adjust(&filter)
    return filter
  }

  @Test func `packets are left out by reason, trap, site and device`() {
    let cases: [(DropFilter, UInt64)] = [
      (DropFilter(), 2),
      (Self.filter { $0.reasons = [Self.noSocket] }, 1),
      (Self.filter { $0.reasons = [Self.noSocket, .trap("fid_miss")] }, 2),
      (Self.filter { $0.unwantedReasons = [Self.noSocket] }, 1),
      (Self.filter { $0.reasons = [.trap("blackhole_route")] }, 0),
      (Self.filter { $0.sites = [1..<UInt64.max] }, 1),
      (Self.filter { $0.sites = [1..<2] }, 0),
      (Self.filter { $0.devices = ["no-such"] }, 0),
    ]
    for (filter, count) in cases {
      let reading = AlertReading(Self.packet + Self.trapped, filter: filter)
      #expect(reading.total == count, "\(filter)")
      #expect(reading.filtered == 2 - count)
      #expect(reading.packets == count)
      #expect(reading.isConserved)
      #expect(reading.error == nil)
    }
  }

  @Test func `packets are left out by what their bytes say`() throws {
    for (expression, count) in [("ether[0] >= 0", 1), ("ether[0] < 0 or less 10", 0)]
      as [(String, UInt64)]
    {
      var filter = DropFilter()
      filter.expression = try PacketFilter(expression)
      let reading = AlertReading(Self.packet, filter: filter)
      #expect(reading.total == count, "\(expression)")
      #expect(reading.filtered == 1 - count)
      #expect(reading.batch.packets.storage.count == (count == 0 ? 0 : 42))
    }
  }

  @Test func `summaries are left out by site, and by trap`() {
    let first: UInt64 = 0xFFFF_FFFF_8188_4B72
    let site = AlertReading(
      KernelMessages.summary, filter: Self.filter { $0.sites = [first..<first + 1] })
    #expect(site.sites == [first: 5])
    #expect(site.filtered == 3)
    let traps = AlertReading(
      AlertBytes.changed(KernelMessages.hardwareSummary),
      filter: Self.filter { $0.reasons = [.trap("fid_miss")] })
    #expect(traps.total == 4)
    #expect(traps.filtered == 6)
  }
}
