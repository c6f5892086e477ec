import DropModel
import Filters
import Netlink
import NetlinkLab

@testable import DropSources

/// What an alert was read into.
struct AlertReading {
  var batch = DropBatch()
  /// The numbers of the reader.
  var total: UInt64 = 0
  var packets: UInt64 = 0
  var filtered: UInt64 = 0
  var fullSummaries: UInt64 = 0
  var receiveDropHints: UInt64 = 0
  var error: NetlinkError?

  /// Reads datagrams one after another, as of the family 32.
  init(_ datagrams: [UInt8]..., handsOver: Bool = true, filter: DropFilter = DropFilter()) {
    var alerts = DropMonitorAlerts(family: 32, handsOver: handsOver, filter: filter)
    for datagram in datagrams {
      do throws(NetlinkError) {
        try alerts.read(datagram, into: &batch)
      } catch {
        self.error = error
      }
    }
    (total, packets, filtered) = (alerts.pending.total, alerts.packets, alerts.filtered)
    (fullSummaries, receiveDropHints) = (alerts.fullSummaries, alerts.receiveDropHints)
    alerts.pending.drain(into: &batch)
  }

  /// Drops by site.
  var sites: [UInt64: UInt64] {
    Dictionary(batch.tallies.map { ($0.key.site, $0.counts.drops) }, uniquingKeysWith: +)
  }

  /// Drops by what the kernel said of their reason.
  var reasons: [ReasonName.Text: UInt64] {
    let names = Dictionary(uniqueKeysWithValues: batch.reasons.map { ($0.number, $0.text) })
    return Dictionary(
      batch.tallies.compactMap { tally in
        names[tally.key.reason].map { ($0, tally.counts.drops) }
      }, uniquingKeysWith: +)
  }

  /// Whether what was counted, tallied and handed over agree.
  var isConserved: Bool {
    let ranges = batch.packets.packets.map(\.bytes)
    return batch.drops == total && batch.packets.packets.count == packets
      && ranges.allSatisfy { $0.upperBound <= batch.packets.storage.count }
  }
}

/// Alerts put together for tests; the real ones are ``KernelMessages``.
enum AlertBytes {
  /// A message of the family 32 with these attributes.
  static func message(_ command: UInt8, _ body: (inout MessageWriter) -> Void) -> [UInt8] {
    let family = GenericFamily(name: "NET_DM", number: 32, version: 2, groups: [:])
    var writer = MessageWriter(family: family, command: command, flags: 0, sequence: 0)
    body(&writer)
    return writer.bytes
  }

  /// A packet alert with these attributes.
  static func packet(_ body: (inout MessageWriter) -> Void) -> [UInt8] {
    message(DropMonitorMessage.Command.packetAlert, body)
  }

  /// A summary that says it has `count` sites, of which these follow.
  static func summary(count: UInt32, sites: [(address: UInt64, drops: UInt32)]) -> [UInt8] {
    func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
      (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let entries = sites.flatMap { bytes($0.address) + bytes($0.drops) }
    return message(DropMonitorMessage.Command.alert) {
      $0.attribute(DropMonitorMessage.Key.sites, bytes: bytes(count) + entries)
    }
  }

  /// The same message of another family, with its bytes from `place` on replaced.
  static func changed(
    _ bytes: [UInt8], family: UInt8 = 32, at place: Int? = nil, _ new: [UInt8] = []
  )
    -> [UInt8]
  {
    var bytes = bytes
    bytes[4] = family
    if let place { bytes.replaceSubrange(place..<place + new.count, with: new) }
    return bytes
  }

  /// Every prefix, its message's length put right so that only its attributes are cut.
  static func prefixes(of message: [UInt8]) -> [[UInt8]] {
    (16..<message.count).map { length in
      [UInt8(length)] + message[1..<length]
    }
  }
}
