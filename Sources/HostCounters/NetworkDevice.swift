internal import Bytes
internal import Glibc
package import Netlink

/// A network device with its statistics: rtnetlink(7).
package struct NetworkDevice: Equatable, Sendable {
  package var index: UInt32
  package var name: String
  /// "veth", "bridge"; nil of hardware and of loopback.
  package var kind: String?
  /// ARPHRD_* of linux/if_arp.h: 1 is Ethernet, 772 loopback.
  package var hardwareType: UInt16
  /// IFF_* of linux/if.h.
  package var flags: UInt32
  package var mtu: UInt32 = 0
  /// Where the other end of a pair is, or what it is stacked upon.
  package var link: UInt32?
  package var qdisc: String?
  /// `IF_OPER_*` of linux/if.h.
  package var operationalState: UInt8 = 0
  /// The fields of `struct rtnl_link_stats64`, by name; empty if the kernel told none.
  package var statistics: [(field: String, value: UInt64)] = []

  package static func == (left: NetworkDevice, right: NetworkDevice) -> Bool {
    left.index == right.index && left.name == right.name && left.kind == right.kind
      && left.flags == right.flags && left.mtu == right.mtu
      && left.statistics.map(\.value) == right.statistics.map(\.value)
  }

  package var isUp: Bool { flags & 1 != 0 }
  package var hasCarrier: Bool { flags & 0x10000 != 0 }
  package var isLoopback: Bool { hardwareType == 772 }

  /// `struct rtnl_link_stats64` of linux/if_link.h, in its order; the last is from 5.18.
  package static let fields = [
    "rx_packets", "tx_packets", "rx_bytes", "tx_bytes", "rx_errors", "tx_errors", "rx_dropped",
    "tx_dropped", "multicast", "collisions", "rx_length_errors", "rx_over_errors",
    "rx_crc_errors", "rx_frame_errors", "rx_fifo_errors", "rx_missed_errors",
    "tx_aborted_errors", "tx_carrier_errors", "tx_fifo_errors", "tx_heartbeat_errors",
    "tx_window_errors", "rx_compressed", "tx_compressed", "rx_nohandler",
    "rx_otherhost_dropped",
  ]

  /// `RTM_GETLINK` in linux/rtnetlink.h.
  private static let get: UInt16 = 18

  /// `IFLA_*` in linux/if_link.h.
  private enum Key {
    static let name: UInt16 = 3
    static let mtu: UInt16 = 4
    static let link: UInt16 = 5
    static let qdisc: UInt16 = 6
    static let operationalState: UInt16 = 16
    static let information: UInt16 = 18
    static let statistics: UInt16 = 23
    static let kind: UInt16 = 1
  }

  /// All devices of the namespace that the connection is in.
  package static func all(over connection: NetlinkConnection) throws(NetlinkError) -> [Self] {
    var devices: [Self] = []
    // struct ifinfomsg in linux/rtnetlink.h: of any family, any device.
    let request = MessageWriter(
      type: get, flags: MessageHeader.Flag.request | MessageHeader.Flag.dump,
      sequence: connection.nextSequence(), payload: [UInt8](repeating: 0, count: 16))
    try connection.request(request, operation: "list the network devices") {
      (message) throws(NetlinkError) in
      devices.append(try NetworkDevice(message))
    }
    return devices
  }

  /// Reads a `struct ifinfomsg` and the attributes behind it.
  init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    do throws(ByteReaderError) {
      try reader.skip(2)
      hardwareType = try reader.read(.host)
      index = try reader.read(.host)
      flags = try reader.read(.host)
      try reader.skip(4)
    } catch {
      throw .malformed("a network device: \(error)")
    }
    name = ""
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.name: name = attribute.text
      case Key.mtu: mtu = try attribute.integer()
      case Key.link: link = try attribute.integer()
      case Key.qdisc: qdisc = attribute.text
      case Key.operationalState: operationalState = try attribute.integer()
      case Key.information:
        var inner = attribute.nested
        while let attribute = try inner.next() {
          if attribute.type == Key.kind { kind = attribute.text }
        }
      case Key.statistics:
        var numbers = ByteReader(attribute.bytes)
        for field in Self.fields {
          guard let value = try? numbers.read(UInt64.self, .host) else { break }
          statistics.append((field, value))
        }
      default: continue
      }
    }
  }
}
