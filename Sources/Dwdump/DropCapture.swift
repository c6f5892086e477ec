internal import Bytes
internal import DropModel
internal import DropSources
internal import Netlink
internal import Packets

/// A pcap file of the drop monitor's alerts, put together from the datagrams that bring them.
///
/// The first record is the kernel's own description of the family, without which no reader can tell
/// whose messages follow; each alert is a record of its own, as received. It only computes: whoever
/// writes ``bytes`` says how far that went.
struct DropCapture {
  /// What is in the file.
  struct Contents: Equatable {
    /// Alerts of the kernel.
    var messages: UInt64 = 0
    /// Those of them that hold a packet; the others are summaries.
    var packets: UInt64 = 0
    /// Bytes of the file.
    var bytes: UInt64 = 0
  }

  /// What has been written, in whole records.
  private(set) var written = Contents()
  /// What has been put together, written or not.
  private(set) var taken = Contents()

  private var file = PcapWriter(.netlink)
  private let family: UInt16
  private let limit: UInt64?
  /// For each record in ``bytes``, where it ends and what there was up to its end.
  private var ends: [(offset: Int, contents: Contents)] = []

  /// Begins a file; with `limit` it takes so many packets, and passes over what comes then.
  init(family: GenericFamily, at time: WallTime, limit: UInt64? = nil) {
    self.family = family.number
    self.limit = limit
    taken.bytes = UInt64(PcapWriter.headerSize)
    ends.append((PcapWriter.headerSize, taken))
    file.appendNetlink(at: time, protocol: Self.generic) { $0 += family.reply }
    note { _ in }
  }

  /// What is to be written next.
  var bytes: [UInt8] { file.bytes }

  /// Whether it has all the packets that it is to have.
  var isFull: Bool { limit.map { taken.packets >= $0 } ?? false }

  /// Takes the alerts of a datagram; what stands before a fault in it is taken.
  mutating func add(_ datagram: [UInt8], at time: WallTime) throws(NetlinkError) {
    var messages = MessageReader(datagram.span.raw)
    while let message = try messages.next() {
      guard message.header.type == family, !isFull else { continue }
      let isPacket = message.command == DropMonitorMessage.Command.packetAlert
      guard isPacket || message.command == DropMonitorMessage.Command.alert else { continue }
      let fits = file.appendNetlink(at: time, protocol: Self.generic) { bytes in
        bytes.append(contentsOf: message.bytes)
      }
      guard fits else { throw .malformed("an alert of \(message.header.length) bytes") }
      note {
        $0.messages += 1
        if isPacket { $0.packets += 1 }
      }
    }
  }

  /// Notes that so many of ``bytes`` have been written; returns how many of them are part of a
  /// record that is not whole.
  mutating func wrote(_ count: Int) -> Int {
    let whole = ends.lastIndex { $0.offset <= count }
    let excess = whole.map { count - ends[$0].offset } ?? count
    if let whole { written = ends[whole].contents }
    file.removeFirst(count)
    if file.bytes.isEmpty {
      ends.removeAll(keepingCapacity: true)
    } else {
      ends = ends.filter { $0.offset > count }.map { ($0.offset - count, $0.contents) }
    }
    return excess
  }

  private mutating func note(_ change: (inout Contents) -> Void) {
    change(&taken)
    let offset = file.bytes.count
    taken.bytes += UInt64(offset - (ends.last?.offset ?? 0))
    ends.append((offset, taken))
  }

  /// NETLINK_GENERIC: linux/netlink.h.
  private static let generic: UInt16 = 16
}
