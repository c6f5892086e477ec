internal import Netlink

/// What a bridge's port does with frames: IFLA_BRPORT_* of linux/if_link.h.
package struct BridgePort: Equatable, Sendable {
  /// By bridge(8)'s words: "forwarding", "blocking".
  package var state = "unknown"
  /// Those of ``switches`` that are on, by bridge(8)'s words.
  package var flags: [String] = []

  /// Reads what net/bridge/br_netlink.c tells of a port (br_port_fill_attrs).
  init(_ list: consuming AttributeReader) throws(NetlinkError) {
    while let attribute = try list.next() {
      if attribute.type == Self.stateKey {
        let state = Int(try attribute.integer(UInt8.self))
        self.state = Self.states.indices.contains(state) ? Self.states[state] : "unknown"
      } else if let flag = Self.switches[attribute.type], try attribute.integer(UInt8.self) != 0 {
        flags.append(flag)
      }
    }
  }

  private static let stateKey: UInt16 = 1

  /// What may be on or off and decides about frames.
  private static let switches: [UInt16: String] = [
    4: "hairpin", 5: "guard", 6: "root_block", 8: "learning", 9: "flood", 27: "mcast_flood",
    30: "bcast_flood", 32: "neigh_suppress", 33: "isolated", 39: "locked",
  ]

  /// BR_STATE_* of linux/if_bridge.h.
  private static let states = ["disabled", "listening", "learning", "forwarding", "blocking"]
}
