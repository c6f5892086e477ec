internal import Bytes
internal import DropModel
@testable internal import DropSources
internal import Netlink

/// Alerts of the drop monitor, and the list of who listens to it.
enum DropMonitorInput {
  static func read(_ bytes: [UInt8]) {
    let family = bytes.count < 6 ? 32 : UInt16(bytes[4]) | UInt16(bytes[5]) << 8
    var counting = DropMonitorAlerts(family: family, handsOver: false)
    var handing = DropMonitorAlerts(family: family, handsOver: true)
    var (counted, handed) = (DropBatch(), DropBatch())
    let isRead = (try? counting.read(bytes, into: &counted)) != nil
    let isReadAgain = (try? handing.read(bytes, into: &handed)) != nil
    expect(isRead == isReadAgain, "handing over does not change what can be read")
    let totals = (counting.pending.total, handing.pending.total)
    counting.pending.drain(into: &counted)
    handing.pending.drain(into: &handed)
    expect(totals.0 == totals.1, "handing over does not change what is counted")
    expect(drops(counted) == totals.0, "every drop is in a tally")
    expect(drops(handed) == totals.1, "every drop is in a tally, handed over or not")
    expect(counted.packets.packets.isEmpty, "nothing is handed over unasked")
    expect(handed.packets.packets.count == handing.packets, "every packet is handed over")
    for packet in handed.packets.packets { check(packet, handed.packets.storage) }
  }

  private static func drops(_ batch: DropBatch) -> UInt64 {
    batch.tallies.reduce(0) { $0 + $1.counts.drops }
  }

  private static func check(_ packet: Packet, _ storage: [UInt8]) {
    expect(packet.bytes.upperBound <= storage.count, "a packet's bytes are there")
    expect(packet.time <= .now, "no packet was dropped in the future")
    guard let offset = packet.networkOffset else { return }
    expect(offset <= packet.bytes.count, "the network header lies in the packet's bytes")
  }

  static func readListeners(_ bytes: [UInt8]) {
    guard let group = bytes.first else { return }
    let table = String(decoding: bytes.dropFirst(), as: UTF8.self)
    let listeners = Listeners(group: UInt32(group), table: table, except: 1)
    expect(
      listeners.inodes.isEmpty || (1...32).contains(group), "only groups up to 32 are in the table")
  }
}
