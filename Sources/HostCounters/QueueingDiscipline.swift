internal import Bytes
package import Netlink

/// A queueing discipline with its statistics: rtnetlink(7), tc(8).
package struct QueueingDiscipline: Equatable, Sendable {
  package var kind: String
  package var interfaceIndex: UInt32
  package var handle: UInt32
  package var parent: UInt32
  package var drops: UInt32 = 0
  package var overlimits: UInt32 = 0
  package var requeues: UInt32 = 0
  /// Packets and bytes that wait.
  package var queueLength: UInt32 = 0
  package var backlog: UInt32 = 0

  /// `RTM_GETQDISC` in linux/rtnetlink.h.
  private static let get: UInt16 = 38

  /// `TCA_*` in linux/rtnetlink.h and `TCA_STATS_*` in linux/gen_stats.h.
  private enum Key {
    static let kind: UInt16 = 1
    static let statistics: UInt16 = 7
    static let queue: UInt16 = 3
  }

  /// All of the namespace that the connection is in.
  package static func all(over connection: NetlinkConnection) throws(NetlinkError) -> [Self] {
    var disciplines: [Self] = []
    // struct tcmsg in linux/rtnetlink.h.
    let request = MessageWriter(
      type: get, flags: MessageHeader.Flag.request | MessageHeader.Flag.dump,
      sequence: connection.nextSequence(), payload: [UInt8](repeating: 0, count: 20))
    try connection.request(request, operation: "list the queueing disciplines") {
      (message) throws(NetlinkError) in
      disciplines.append(try QueueingDiscipline(message))
    }
    return disciplines
  }

  /// Reads a `struct tcmsg` and the attributes behind it.
  init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    do throws(ByteReaderError) {
      try reader.skip(4)
      interfaceIndex = try reader.read(.host)
      handle = try reader.read(.host)
      parent = try reader.read(.host)
      try reader.skip(4)
    } catch {
      throw .malformed("a queueing discipline: \(error)")
    }
    kind = ""
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.kind: kind = attribute.text
      case Key.statistics:
        var inner = attribute.nested
        while let attribute = try inner.next() {
          guard attribute.type == Key.queue else { continue }
          // struct gnet_stats_queue in linux/gen_stats.h.
          var numbers = ByteReader(attribute.bytes)
          do throws(ByteReaderError) {
            queueLength = try numbers.read(.host)
            backlog = try numbers.read(.host)
            drops = try numbers.read(.host)
            requeues = try numbers.read(.host)
            overlimits = try numbers.read(.host)
          } catch {
            throw .malformed("the statistics of \(kind): \(error)")
          }
        }
      default: continue
      }
    }
  }
}
