internal import Bytes
package import DropModel
internal import HostCounters
package import Netlink

/// A queueing discipline, class or filter, without its options and counters: rtnetlink(7), `struct tcmsg`.
package struct TrafficControlNode: Hashable, Sendable {
  /// The index of its device.
  package var device: UInt32
  /// Kind, handle and parent.
  package var qdisc: Qdisc

  /// RTM_* of linux/rtnetlink.h.
  enum MessageType {
    static let (newQdisc, deletedQdisc, getQdisc): (UInt16, UInt16, UInt16) = (36, 37, 38)
    static let (newClass, deletedClass): (UInt16, UInt16) = (40, 41)
    static let (newFilter, deletedFilter): (UInt16, UInt16) = (44, 45)
  }

  /// TCA_KIND and TCA_DUMP_INVISIBLE of linux/rtnetlink.h.
  private enum Key {
    static let kind: UInt16 = 1
    static let dumpInvisible: UInt16 = 10
  }

  /// All queueing disciplines of the namespace that the connection is in.
  static func qdiscs(
    over connection: NetlinkConnection
  ) throws(NetlinkError) -> [TrafficControlNode] {
    try connection.dump(
      MessageType.getQdisc, [UInt8](repeating: 0, count: 20),
      operation: "list the queueing disciplines",
      attributes: { $0.attribute(Key.dumpInvisible) }
    ) { (message) throws(NetlinkError) in
      message.header.type == MessageType.newQdisc ? try TrafficControlNode(message) : nil
    }
  }

  /// Reads a `struct tcmsg` and the kind behind it, which classes and filters may lack.
  package init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    qdisc = Qdisc(kind: "", handle: 0)
    do throws(ByteReaderError) {
      try reader.skip(4)
      device = try reader.read(UInt32.self, .host)
      qdisc.handle = try reader.read(UInt32.self, .host)
      qdisc.parent = try reader.read(UInt32.self, .host)
      try reader.skip(4)
    } catch {
      throw .malformed("a queueing discipline, class or filter: \(error)")
    }
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      if attribute.type == Key.kind { qdisc.kind = attribute.text }
    }
  }
}
