internal import Bytes
internal import HostCounters
package import Netlink

/// What a device is set to beyond what all devices have: rtnetlink(7), `RTM_GETLINK`, IFLA_LINKINFO.
package struct DeviceSettings: Equatable, Sendable {
  /// The index of the device.
  package var device: UInt32
  package var name: String
  /// The index of the bridge or bond that it is a port of.
  package var master: UInt32?
  /// nil if it is no bridge.
  package var bridge: Bridge?
  /// nil if it is no bridge's port.
  package var port: BridgePort?
  /// The identifier of a VXLAN device's network; nil for other devices.
  package var network: UInt32?

  /// What a bridge is set to: IFLA_BR_* of linux/if_link.h.
  package struct Bridge: Equatable, Sendable {
    package var hasSpanningTree = false
    package var filtersVLANs = false
    /// Whether iptables sees bridged IPv4 packets, by this bridge's own switch.
    package var callsIPTables = false
  }

  /// All of the namespace that the connection is in.
  package static func all(
    over connection: NetlinkConnection
  ) throws(NetlinkError) -> [DeviceSettings] {
    // struct ifinfomsg in linux/rtnetlink.h: of any kind.
    try connection.dump(
      get, [UInt8](repeating: 0, count: 16), operation: "list the devices' settings",
      // RTEXT_FILTER_SKIP_STATS.
      attributes: { $0.attribute(Key.extensions, UInt32(1 << 3)) }
    ) { (message) throws(NetlinkError) in
      message.header.type == new ? try DeviceSettings(message) : nil
    }
  }

  /// `RTM_NEWLINK` and `RTM_GETLINK` in linux/rtnetlink.h.
  private static let (new, get): (UInt16, UInt16) = (16, 18)

  /// IFLA_*, IFLA_INFO_*, IFLA_BR_* and IFLA_VXLAN_* of linux/if_link.h.
  private enum Key {
    static let name: UInt16 = 3
    static let master: UInt16 = 10
    static let information: UInt16 = 18
    static let extensions: UInt16 = 29
    static let (kind, data, portKind, portData): (UInt16, UInt16, UInt16, UInt16) = (1, 2, 4, 5)
    static let (spanningTree, filtering, callsIPTables): (UInt16, UInt16, UInt16) = (5, 7, 36)
    static let network: UInt16 = 1
  }

  /// Reads a `struct ifinfomsg` and the attributes behind it.
  package init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    do throws(ByteReaderError) {
      try reader.skip(4)
      device = try reader.read(UInt32.self, .host)
      try reader.skip(8)
    } catch {
      throw .malformed("a network device: \(error)")
    }
    name = ""
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.name: name = attribute.text
      case Key.master: master = try attribute.integer()
      case Key.information: try read(attribute.nested)
      default: continue
      }
    }
  }

  /// Kinds come before their data: rtnl_link_fill in net/core/rtnetlink.c.
  private mutating func read(_ list: consuming AttributeReader) throws(NetlinkError) {
    var (kind, portKind) = ("", "")
    while let attribute = try list.next() {
      switch attribute.type {
      case Key.kind: kind = attribute.text
      case Key.portKind: portKind = attribute.text
      case Key.data where kind == "bridge": bridge = try Self.bridge(attribute.nested)
      case Key.data where kind == "vxlan": network = try Self.network(attribute.nested)
      case Key.portData where portKind == "bridge": port = try BridgePort(attribute.nested)
      default: continue
      }
    }
  }

  private static func bridge(_ list: consuming AttributeReader) throws(NetlinkError) -> Bridge {
    var bridge = Bridge()
    while let attribute = try list.next() {
      switch attribute.type {
      case Key.spanningTree: bridge.hasSpanningTree = try attribute.integer(UInt32.self) != 0
      case Key.filtering: bridge.filtersVLANs = try attribute.integer(UInt8.self) != 0
      case Key.callsIPTables: bridge.callsIPTables = try attribute.integer(UInt8.self) != 0
      default: continue
      }
    }
    return bridge
  }

  private static func network(_ list: consuming AttributeReader) throws(NetlinkError) -> UInt32? {
    while let attribute = try list.next() {
      if attribute.type == Key.network { return try attribute.integer() }
    }
    return nil
  }
}
