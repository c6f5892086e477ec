internal import Bytes
package import Netlink

/// A network device: rtnetlink(7), `RTM_GETLINK`.
package struct Link: Equatable, Sendable {
  package var index: UInt32
  package var name: String
  /// The driver's word where there is one ("veth", "bridge", "vlan"), else "loopback", "wireless" or
  /// "physical".
  package var kind: String
  /// IFF_* of linux/if.h.
  package var flags: UInt32
  /// The state by RFC 2863, as `ip link` writes it: "UP", "DOWN", "LOWERLAYERDOWN", "UNKNOWN".
  package var operationalState: String
  package var mtu: UInt32
  /// The hardware address, mostly 6 bytes; empty if it has none.
  package var address: [UInt8]
  /// The kind of its root queueing discipline.
  package var qdisc: String?
  /// The index of the device it sits on or is joined to: a veth's other end, a VLAN's device; in
  /// another namespace if ``peerNamespace`` says so.
  package var peer: UInt32?
  /// The number of the peer's namespace by this one's count (`ip netns list-id`); nil for this one.
  package var peerNamespace: Int32?
  /// The index of the bridge or bond it is a port of.
  package var master: UInt32?
  /// How many packets its queue holds, where its queueing discipline asks for that.
  package var queueLength: UInt32?
  package var statistics: LinkStatistics

  /// IFF_UP: somebody has switched it on.
  package var isUp: Bool { flags & 1 != 0 }

  /// IFF_LOWER_UP: there is a carrier.
  package var hasCarrier: Bool { flags & 1 << 16 != 0 }

  /// All devices of the namespace that the connection is in.
  package static func all(over connection: NetlinkConnection) throws(NetlinkError) -> [Link] {
    // struct ifinfomsg in linux/rtnetlink.h: of any kind.
    try connection.dump(
      Self.get, [UInt8](repeating: 0, count: 16), operation: "list the network devices"
    ) { (message) throws(NetlinkError) in
      message.header.type == Self.new ? try Link(message) : nil
    }
  }

  /// `RTM_NEWLINK`, `RTM_DELLINK` and `RTM_GETLINK` in linux/rtnetlink.h.
  package static let (new, deleted, get): (UInt16, UInt16, UInt16) = (16, 17, 18)

  /// IFLA_* of linux/if_link.h.
  private enum Key {
    static let address: UInt16 = 1
    static let name: UInt16 = 3
    static let mtu: UInt16 = 4
    static let link: UInt16 = 5
    static let qdisc: UInt16 = 6
    static let master: UInt16 = 10
    static let queueLength: UInt16 = 13
    static let operationalState: UInt16 = 16
    static let information: UInt16 = 18
    static let statistics: UInt16 = 23
    static let linkNamespace: UInt16 = 37
    static let kind: UInt16 = 1
  }

  /// Reads a `struct ifinfomsg` and the attributes behind it.
  package init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    let hardware: UInt16
    do throws(ByteReaderError) {
      try reader.skip(2)
      hardware = try reader.read(UInt16.self, .host)
      index = try reader.read(UInt32.self, .host)
      flags = try reader.read(UInt32.self, .host)
      try reader.skip(4)
    } catch {
      throw .malformed("a network device: \(error)")
    }
    (name, mtu, address, operationalState) = ("", 0, [], Self.states[0])
    statistics = LinkStatistics(values: [])
    // ARPHRD_LOOPBACK of linux/if_arp.h.
    kind = hardware == 772 ? "loopback" : "physical"
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.address: address = [UInt8](attribute.bytes)
      case Key.name: name = attribute.text
      case Key.mtu: mtu = try attribute.integer()
      case Key.link: peer = try attribute.integer()
      case Key.qdisc: qdisc = attribute.text
      case Key.master: master = try attribute.integer()
      case Key.queueLength: queueLength = try attribute.integer()
      case Key.operationalState:
        let state = Int(try attribute.integer(UInt8.self))
        operationalState = Self.states[state < Self.states.count ? state : 0]
      case Key.information: try readKind(attribute.nested)
      case Key.statistics: statistics = LinkStatistics(attribute)
      case Key.linkNamespace: peerNamespace = try attribute.integer()
      default: continue
      }
    }
    guard !name.isEmpty else { throw .malformed("a network device without a name") }
  }

  private mutating func readKind(_ list: consuming AttributeReader) throws(NetlinkError) {
    while let attribute = try list.next() {
      if attribute.type == Key.kind { kind = attribute.text }
    }
  }

  /// IF_OPER_* of linux/if.h, in ip-link(8)'s words.
  private static let states = [
    "UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP",
  ]
}
