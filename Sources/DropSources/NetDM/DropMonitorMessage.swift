/// The numbers of the kernel's drop monitor: linux/net_dropmon.h.
package enum DropMonitorMessage {
  /// The generic netlink family, and the group that alerts are sent to.
  static let family = "NET_DM"
  static let group = "events"
  /// Sites that one summary can hold (dm_hit_limit in net/core/drop_monitor.c).
  static let sitesPerSummary = 64

  /// `NET_DM_CMD_*`.
  package enum Command {
    package static let alert: UInt8 = 1
    static let configure: UInt8 = 2
    static let start: UInt8 = 3
    static let stop: UInt8 = 4
    package static let packetAlert: UInt8 = 5
    static let getConfiguration: UInt8 = 6
    static let getStatistics: UInt8 = 8
  }

  /// `NET_DM_ATTR_*`.
  enum Key {
    /// The sites of a summary: `struct net_dm_alert_msg`, which has no attribute number.
    static let sites: UInt16 = 0
    static let alertMode: UInt16 = 1
    static let address: UInt16 = 2
    static let symbol: UInt16 = 3
    static let inputPort: UInt16 = 4
    static let timestamp: UInt16 = 5
    static let ethertype: UInt16 = 6
    static let payload: UInt16 = 7
    static let truncation: UInt16 = 9
    static let originalLength: UInt16 = 10
    static let queueLength: UInt16 = 11
    static let statistics: UInt16 = 12
    static let hardwareStatistics: UInt16 = 13
    static let origin: UInt16 = 14
    static let trapGroup: UInt16 = 15
    static let trap: UInt16 = 16
    static let traps: UInt16 = 17
    static let trapCount: UInt16 = 19
    static let software: UInt16 = 20
    static let hardware: UInt16 = 21
    static let cookie: UInt16 = 22
    static let reason: UInt16 = 23
    /// Inside of ``inputPort``.
    static let portIndex: UInt16 = 0
    static let portName: UInt16 = 1
    /// Inside of ``statistics`` and ``hardwareStatistics``.
    static let dropped: UInt16 = 0
  }

  /// `NET_DM_ORIGIN_HW`.
  static let hardwareOrigin: UInt16 = 1
}
