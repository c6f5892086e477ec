internal import Bytes
package import DropModel
internal import HostCounters
package import Netlink
internal import Packets

/// What the kernel knows of a neighbour's hardware address: rtnetlink(7), `RTM_GETNEIGH`.
package struct Neighbour: Hashable, Sendable {
  /// The index of the device that it is behind.
  package var device: UInt32
  package var address: IPAddress
  /// By ip-neighbour(8)'s words in capitals: "REACHABLE", "FAILED", "INCOMPLETE".
  package var state: String
  /// Empty while nobody knows it.
  package var hardwareAddress: [UInt8]

  /// All of the namespace that the connection is in; none of the bridges' forwarding entries.
  package static func all(over connection: NetlinkConnection) throws(NetlinkError) -> [Neighbour] {
    // struct ndmsg in linux/neighbour.h: of any family.
    try connection.dump(
      get, [UInt8](repeating: 0, count: 12), operation: "list the neighbours"
    ) { (message) throws(NetlinkError) in
      message.header.type == new ? try Neighbour(message) : nil
    }
  }

  /// `RTM_NEWNEIGH`, `RTM_DELNEIGH` and `RTM_GETNEIGH` in linux/rtnetlink.h.
  package static let (new, deleted, get): (UInt16, UInt16, UInt16) = (28, 29, 30)

  /// NDA_* of linux/neighbour.h.
  private enum Key {
    static let destination: UInt16 = 1
    static let hardwareAddress: UInt16 = 2
  }

  /// Reads a `struct ndmsg` and the attributes behind it; nil if it is of neither IP version.
  package init?(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    let family: UInt8
    let bits: UInt16
    do throws(ByteReaderError) {
      family = try reader.read(UInt8.self)
      try reader.skip(3)
      device = try reader.read(UInt32.self, .host)
      bits = try reader.read(UInt16.self, .host)
      try reader.skip(2)
    } catch {
      throw .malformed("a neighbour: \(error)")
    }
    // AF_INET and AF_INET6; a bridge's forwarding entries have addresses too, of tunnels' ends.
    guard family == 2 || family == 10 else { return nil }
    state = Self.states.first { bits & $0.bit != 0 }?.name ?? "NONE"
    hardwareAddress = []
    var destination: IPAddress?
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.destination: destination = IPAddress([UInt8](attribute.bytes))
      case Key.hardwareAddress: hardwareAddress = [UInt8](attribute.bytes)
      default: continue
      }
    }
    guard let destination else { return nil }
    address = destination
  }

  /// NUD_* of linux/neighbour.h.
  private static let states: [(bit: UInt16, name: String)] = [
    (0x01, "INCOMPLETE"), (0x02, "REACHABLE"), (0x04, "STALE"), (0x08, "DELAY"), (0x10, "PROBE"),
    (0x20, "FAILED"), (0x40, "NOARP"), (0x80, "PERMANENT"),
  ]
}
