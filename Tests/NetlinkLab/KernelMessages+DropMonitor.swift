extension KernelMessages {
  /// NET_DM_CMD_CONFIG_NEW of a monitor as its module is loaded.
  package static let configuration = [UInt8](
    hex: """
      2c000000 2000 0000 03000000 8c000000  // 44 bytes, NET_DM, sequence 3, port 140
      07 02 0000                            // NET_DM_CMD_CONFIG_NEW, version 2
      0500 0100 00 000000                   // alert mode: summary
      0800 0900 00000000                    // bytes of each packet: all
      0800 0b00 e8030000                    // queue: 1,000
      """)

  /// NET_DM_CMD_STATS_NEW; the counts were 0 and are written in here: 3 and 7.
  package static let statistics = [UInt8](
    hex: """
      34000000 2000 0000 04000000 8c000000
      09 02 0000                            // NET_DM_CMD_STATS_NEW
      1000 0c80                             // software, nested:
      0c00 0000 0300000000000000            // dropped: 3, of 64 bits
      1000 0d80                             // hardware, nested:
      0c00 0000 0700000000000000
      """)

  /// NET_DM_CMD_ALERT: 5 drops at one site and 3 at another.
  package static let summary = [UInt8](
    hex: """
      34000000 2000 0000 00000000 00000000  // 52 bytes, NET_DM, unasked
      01 02 0000                            // NET_DM_CMD_ALERT
      2000 0000                             // struct net_dm_alert_msg, without a number
      02000000                              // two sites:
      724b8881ffffffff 05000000
      ea8c7a81ffffffff 03000000
      """)

  /// NET_DM_CMD_ALERT of hardware drops, written after net_dm_hw_summary_report_fill: 4 of one trap
  /// and 6 of another.
  package static let hardwareSummary = [UInt8](
    hex: """
      54000000 2100 0000 00000000 00000000  // 84 bytes
      01 02 0000                            // NET_DM_CMD_ALERT
      4000 1180                             // NET_DM_ATTR_HW_ENTRIES, nested:
      1c00 1280                             // NET_DM_ATTR_HW_ENTRY, nested:
      0d00 1000 6669645f6d69737300 000000   // "fid_miss"
      0800 1300 04000000
      2000 1280
      1400 1000 626c61636b686f6c655f726f75746500  // "blackhole_route"
      0800 1300 06000000
      """)

  /// NET_DM_CMD_PACKET_ALERT of a datagram to a closed port.
  package static let softwarePacket = [UInt8](
    hex: """
      b0000000 2000 0000 00000000 00000000  // 176 bytes
      05 02 0000                            // NET_DM_CMD_PACKET_ALERT
      0600 0e00 0000 0000                   // origin: software
      0c00 0200 e2ca4bb4ffffffff            // address
      0e00 1700 4e4f5f534f434b455400 0000   // reason "NO_SOCKET"
      1f00 0300 5f5f756470345f6c69625f7263762b30783961322f307863333000 00  // symbol
      0c00 0480 0800 0000 01000000          // input port, nested: its index 1
      0c00 0500 8a7d575b3aa8ea18            // time
      0800 0a00 8e000000                    // original length: 142
      0600 0600 0008 0000                   // protocol: IPv4
      2e00 0700                             // payload, 42 bytes
      000000000000 000000000000 0800        // Ethernet
      45000080070f40004011355c7f0000017f000001  // IPv4, UDP
      a903270f006cfe7f 0000                 // UDP
      """)

  /// NET_DM_CMD_PACKET_ALERT of a packet that a switch dropped (netdevsim's).
  package static let hardwarePacket = [UInt8](
    hex: """
      a0000000 2100 0000 00000000 00000000  // 160 bytes
      05 02 0000                            // NET_DM_CMD_PACKET_ALERT
      0600 0e00 0100 0000                   // origin: hardware
      0d00 0f00 6c325f64726f707300 000000   // trap group "l2_drops"
      0d00 1000 6669645f6d69737300 000000   // trap "fid_miss"
      1800 0480                             // input port, nested:
      0800 0000 02000000                    // its index 2
      0900 0100 6574683000 000000           // its name "eth0"
      0c00 0500 6473239dbba8ea18            // time
      0800 0a00 8e000000                    // original length: 142
      0600 0600 0008 0000                   // protocol: IPv4
      2e00 0700                             // payload, 42 bytes
      deff8fba65f9 5af4ef697a09 0800
      45000080000000006411 6a37 c0000201 c6336401
      5381433e006c0000 0000
      """)
}
