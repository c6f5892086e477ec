internal import Bytes
package import DropModel
internal import HostCounters
package import Netlink
internal import Packets

/// A route, or what the kernel decides for one packet: rtnetlink(7), `RTM_GETROUTE`.
package struct Route: Hashable, Sendable {
  /// By ip-route(8)'s words: "unicast", "local", "blackhole", "unreachable".
  package var kind: String
  /// Where it leads; nil for everywhere ("default").
  package var destination: IPAddress?
  package var prefixLength: UInt8
  /// The next hop; nil if the destination is on the link.
  package var gateway: IPAddress?
  /// The index of the device that it goes out by; nil if by none or by several.
  package var device: UInt32?
  /// The number of its table: 254 main, 255 local.
  package var table: UInt32
  package var priority: UInt32
  /// The address that packets of this machine's own get.
  package var source: IPAddress?

  /// "10.0.0.0/24", "default".
  package var prefix: String {
    guard let destination else { return "default" }
    guard prefixLength < (destination.isIPv6 ? 128 : 32) else { return destination.text }
    return "\(destination.text)/\(prefixLength)"
  }

  /// All of the namespace that the connection is in; of IPv6 without those that it remembers of single
  /// destinations.
  package static func all(over connection: NetlinkConnection) throws(NetlinkError) -> [Route] {
    // struct rtmsg in linux/rtnetlink.h: of any family.
    try connection.dump(
      get, [UInt8](repeating: 0, count: 12), operation: "list the routes"
    ) { (message) throws(NetlinkError) in
      message.header.type == new ? try Route(message) : nil
    }
  }

  /// `RTM_NEWROUTE`, `RTM_DELROUTE` and `RTM_GETROUTE` in linux/rtnetlink.h.
  package static let (new, deleted, get): (UInt16, UInt16, UInt16) = (24, 25, 26)

  /// RTA_* of linux/rtnetlink.h.
  enum Key {
    static let destination: UInt16 = 1
    static let origin: UInt16 = 2
    static let inputInterface: UInt16 = 3
    static let outputInterface: UInt16 = 4
    static let gateway: UInt16 = 5
    static let priority: UInt16 = 6
    static let preferredSource: UInt16 = 7
    static let table: UInt16 = 15
    static let via: UInt16 = 18
  }

  /// Reads a `struct rtmsg` and the attributes behind it; nil if it is of neither IP version.
  package init?(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    let (family, kind, table): (UInt8, UInt8, UInt8)
    do throws(ByteReaderError) {
      family = try reader.read(UInt8.self)
      prefixLength = try reader.read(UInt8.self)
      try reader.skip(2)
      table = try reader.read(UInt8.self)
      try reader.skip(2)
      kind = try reader.read(UInt8.self)
      try reader.skip(4)
    } catch {
      throw .malformed("a route: \(error)")
    }
    // AF_INET and AF_INET6.
    guard family == 2 || family == 10 else { return nil }
    self.kind = Int(kind) < Self.kinds.count ? Self.kinds[Int(kind)] : "kind \(kind)"
    self.table = UInt32(table)
    priority = 0
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.destination: destination = IPAddress([UInt8](attribute.bytes))
      case Key.outputInterface: device = try attribute.integer()
      case Key.gateway: gateway = IPAddress([UInt8](attribute.bytes))
      // struct rtvia: an address of another family than the route's.
      case Key.via: gateway = IPAddress([UInt8]([UInt8](attribute.bytes).dropFirst(2)))
      case Key.priority: priority = try attribute.integer()
      case Key.preferredSource: source = IPAddress([UInt8](attribute.bytes))
      case Key.table: self.table = try attribute.integer()
      default: continue
      }
    }
    if prefixLength == 0 { destination = nil }
  }

  /// RTN_* of linux/rtnetlink.h.
  private static let kinds = [
    "unspecified", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole",
    "unreachable", "prohibit", "throw", "nat", "xresolve",
  ]
}
