internal import Bytes
package import DropModel
package import Netlink

/// A queueing discipline on a device, with its counters: rtnetlink(7), `RTM_GETQDISC`.
package struct DeviceQdisc: Equatable, Sendable {
  package var qdisc: Qdisc
  /// The index of its device.
  package var device: UInt32
  /// Whether it is no queue but where programs see packets that come in: ingress, clsact.
  package var isIngress: Bool
  /// What it holds at most; nil if its options do not tell.
  package var limit: Limit?
  package var statistics: Statistics
  /// What only its kind counts, by the members of the kind's structure in linux/pkt_sched.h.
  package var own: [(field: String, value: UInt64)]

  /// How much a queue holds.
  package enum Limit: Equatable, Sendable {
    case packets(UInt32)
    case bytes(UInt32)
  }

  /// `struct gnet_stats_basic` and `struct gnet_stats_queue` in linux/gen_stats.h.
  package struct Statistics: Equatable, Sendable {
    package var bytes: UInt64 = 0
    package var packets: UInt64 = 0
    /// Of 32 bits, as the next two.
    package var drops: UInt32 = 0
    package var requeues: UInt32 = 0
    package var overlimits: UInt32 = 0
    /// Packets that wait now.
    package var queueLength: UInt32 = 0
    /// Bytes that wait now.
    package var backlog: UInt32 = 0
  }

  /// All of the namespace that the connection is in, also those that tc shows only when asked for
  /// invisible ones; none of what devices without a queue have.
  package static func all(over connection: NetlinkConnection) throws(NetlinkError) -> [DeviceQdisc]
  {
    // struct tcmsg in linux/rtnetlink.h: on any device.
    try connection.dump(
      get, [UInt8](repeating: 0, count: 20), operation: "list the queueing disciplines",
      attributes: { $0.attribute(Key.dumpInvisible) }
    ) { (message) throws(NetlinkError) in
      guard message.header.type == new else { return nil }
      let qdisc = try DeviceQdisc(message)
      return qdisc.qdisc.kind == "noqueue" ? nil : qdisc
    }
  }

  /// `RTM_NEWQDISC` and `RTM_GETQDISC` in linux/rtnetlink.h.
  private static let (new, get): (UInt16, UInt16) = (36, 38)

  /// TC_H_INGRESS of linux/pkt_sched.h.
  private static let ingress: UInt32 = 0xFFFF_FFF1

  /// TCA_* of linux/rtnetlink.h, and TCA_STATS_* of linux/gen_stats.h.
  private enum Key {
    static let kind: UInt16 = 1
    static let options: UInt16 = 2
    static let statistics: UInt16 = 7
    static let dumpInvisible: UInt16 = 10
    static let basic: UInt16 = 1
    static let queue: UInt16 = 3
    static let own: UInt16 = 4
    static let packets: UInt16 = 8
  }

  package static func == (left: DeviceQdisc, right: DeviceQdisc) -> Bool {
    left.qdisc == right.qdisc && left.device == right.device && left.limit == right.limit
      && left.isIngress == right.isIngress && left.statistics == right.statistics
      && left.own.map(\.field) == right.own.map(\.field)
      && left.own.map(\.value) == right.own.map(\.value)
  }

  /// Reads a `struct tcmsg` and the attributes behind it.
  init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    qdisc = Qdisc(kind: "", handle: 0)
    do throws(ByteReaderError) {
      try reader.skip(4)
      device = try reader.read(UInt32.self, .host)
      qdisc.handle = try reader.read(UInt32.self, .host)
      qdisc.parent = try reader.read(UInt32.self, .host)
      try reader.skip(4)
    } catch {
      throw .malformed("a queueing discipline: \(error)")
    }
    isIngress = qdisc.parent == Self.ingress
    (limit, statistics, own) = (nil, Statistics(), [])
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      // The kind comes first: qdisc_fill in net/sched/sch_api.c.
      case Key.kind: qdisc.kind = attribute.text
      case Key.options: limit = try Limit(attribute, of: qdisc.kind)
      case Key.statistics: try read(attribute.nested)
      default: continue
      }
    }
    guard !qdisc.kind.isEmpty else { throw .malformed("a queueing discipline without a kind") }
  }

  private mutating func read(_ list: consuming AttributeReader) throws(NetlinkError) {
    var packets: UInt64?
    while let attribute = try list.next() {
      var reader = ByteReader(attribute.bytes)
      do throws(ByteReaderError) {
        switch attribute.type {
        case Key.basic:
          statistics.bytes = try reader.read(UInt64.self, .host)
          statistics.packets = UInt64(try reader.read(UInt32.self, .host))
        case Key.queue:
          statistics.queueLength = try reader.read(UInt32.self, .host)
          statistics.backlog = try reader.read(UInt32.self, .host)
          statistics.drops = try reader.read(UInt32.self, .host)
          statistics.requeues = try reader.read(UInt32.self, .host)
          statistics.overlimits = try reader.read(UInt32.self, .host)
        case Key.packets: packets = try reader.read(UInt64.self, .host)
        case Key.own: own = Self.own(of: qdisc.kind, reader)
        default: continue
        }
      } catch {
        throw .malformed("the statistics of a \(qdisc.kind): \(error)")
      }
    }
    // 64 bits of the same, from 5.5 on.
    if let packets { statistics.packets = packets }
  }
}
