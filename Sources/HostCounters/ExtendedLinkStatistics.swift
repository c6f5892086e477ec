internal import Bytes
package import Netlink

/// What only some devices count: rtnetlink(7), `RTM_GETSTATS` (from 4.7).
///
/// Bridges count multicast and spanning tree of themselves and of each port, bonds LACP, MPLS what it
/// routes, and switches what their CPU saw and what their hardware routed.
package struct ExtendedLinkStatistics: Equatable, Sendable {
  /// The index of the device.
  package var device: UInt32
  /// By the kernel's names, with what counts in front: "mpls_rx_noroute".
  package var values: [String: UInt64] = [:]

  /// Those of all devices of the namespace that the connection is in; none if the kernel has no such
  /// request.
  package static func all(
    over connection: NetlinkConnection
  ) throws(NetlinkError) -> [ExtendedLinkStatistics] {
    // struct if_stats_msg in linux/if_link.h: of any device, all but IFLA_STATS_LINK_64.
    let payload = [UInt8](repeating: 0, count: 8) + MessageWriter.bytes(of: UInt32(0x1E))
    do throws(NetlinkError) {
      return try connection.dump(get, payload, operation: "list the devices' further statistics") {
        (message) throws(NetlinkError) in
        message.header.type == new ? try ExtendedLinkStatistics(message) : nil
      }
    } catch {
      guard error.code == Self.notSupported else { throw error }
      return []
    }
  }

  /// `RTM_NEWSTATS` and `RTM_GETSTATS` in linux/rtnetlink.h, and EOPNOTSUPP.
  private static let (new, get): (UInt16, UInt16) = (92, 94)
  private static let notSupported: Int32 = 95

  /// IFLA_STATS_* of linux/if_link.h.
  private enum Key {
    static let (own, port, offload, families): (UInt16, UInt16, UInt16, UInt16) = (2, 3, 4, 5)
  }

  /// Reads a `struct if_stats_msg` and the attributes behind it.
  init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    do throws(ByteReaderError) {
      try reader.skip(4)
      device = try reader.read(UInt32.self, .host)
      try reader.skip(4)
    } catch {
      throw .malformed("statistics of a device: \(error)")
    }
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.own, Key.port: try readDriver(attribute.nested)
      case Key.offload: try readOffload(attribute.nested)
      case Key.families: try readFamilies(attribute.nested)
      default: continue
      }
    }
  }

  /// LINK_XSTATS_TYPE_BRIDGE and LINK_XSTATS_TYPE_BOND.
  private mutating func readDriver(_ list: consuming AttributeReader) throws(NetlinkError) {
    while let attribute = try list.next() {
      var members = attribute.nested
      while let member = try members.next() {
        switch (attribute.type, member.type) {
        // BRIDGE_XSTATS_MCAST and BRIDGE_XSTATS_STP.
        case (1, 2): add("mcast_", Self.multicast, member)
        case (1, 4): add("stp_", Self.spanningTree, member)
        // BOND_XSTATS_3AD: an attribute for each counter.
        case (2, 1):
          var counters = member.nested
          while let counter = try counters.next() {
            guard Int(counter.type) < Self.lacp.count else { continue }
            add("3ad_", [Self.lacp[Int(counter.type)]], counter)
          }
        default: continue
        }
      }
    }
  }

  /// IFLA_OFFLOAD_XSTATS_CPU_HIT and IFLA_OFFLOAD_XSTATS_L3_STATS.
  private mutating func readOffload(_ list: consuming AttributeReader) throws(NetlinkError) {
    while let attribute = try list.next() {
      switch attribute.type {
      case 1: add("cpu_hit_", LinkStatistics.fields, attribute)
      case 3: add("hw_l3_", Self.hardware, attribute)
      default: continue
      }
    }
  }

  /// AF_MPLS, and in it MPLS_STATS_LINK.
  private mutating func readFamilies(_ list: consuming AttributeReader) throws(NetlinkError) {
    while let family = try list.next() {
      guard family.type == 28 else { continue }
      var members = family.nested
      while let member = try members.next() {
        if member.type == 1 { add("mpls_", Self.mpls, member) }
      }
    }
  }

  /// Adds the 64-bit members of a structure, as many as there are.
  private mutating func add(
    _ prefix: String, _ fields: [String], _ attribute: borrowing Attribute
  ) {
    var reader = ByteReader(attribute.bytes)
    for field in fields {
      guard let value = try? reader.read(UInt64.self, .host) else { return }
      values[prefix + field] = value
    }
  }

  /// `struct br_mcast_stats` in linux/if_bridge.h: most of it in both directions.
  private static let multicast =
    bothWays([
      "igmp_v1queries", "igmp_v2queries", "igmp_v3queries", "igmp_leaves", "igmp_v1reports",
      "igmp_v2reports", "igmp_v3reports",
    ]) + ["igmp_parse_errors"]
    + bothWays(["mld_v1queries", "mld_v2queries", "mld_leaves", "mld_v1reports", "mld_v2reports"])
    + ["mld_parse_errors"] + bothWays(["bytes", "packets"])

  private static func bothWays(_ names: [String]) -> [String] {
    names.flatMap { ["rx_" + $0, "tx_" + $0] }
  }

  /// `struct bridge_stp_xstats` in linux/if_bridge.h.
  private static let spanningTree = [
    "transition_blk", "transition_fwd", "rx_bpdu", "tx_bpdu", "rx_tcn", "tx_tcn",
  ]

  /// BOND_3AD_STAT_* of linux/if_bonding.h.
  private static let lacp = [
    "lacpdu_rx", "lacpdu_tx", "lacpdu_unknown_rx", "lacpdu_illegal_rx", "marker_rx", "marker_tx",
    "marker_resp_rx", "marker_resp_tx", "marker_unknown_rx",
  ]

  /// `struct rtnl_hw_stats64` in linux/if_link.h.
  private static let hardware = [
    "rx_packets", "tx_packets", "rx_bytes", "tx_bytes", "rx_errors", "tx_errors", "rx_dropped",
    "tx_dropped", "multicast",
  ]

  /// `struct mpls_link_stats` in linux/mpls.h.
  private static let mpls = [
    "rx_packets", "tx_packets", "rx_bytes", "tx_bytes", "rx_errors", "tx_errors", "rx_dropped",
    "tx_dropped", "rx_noroute",
  ]
}
