/// Packets that the kernel's drop monitor had no room for in its queues ("tail dropped"), since its
/// module was loaded: NET_DM_CMD_STATS_GET.
package struct DropMonitorStatistics: Equatable, Sendable {
  /// Those that the kernel's own code dropped.
  package var software: UInt64
  /// Those that network hardware dropped.
  package var hardware: UInt64

  package init(software: UInt64 = 0, hardware: UInt64 = 0) {
    self.software = software
    self.hardware = hardware
  }

  /// How many more both are than `earlier`.
  func since(_ earlier: DropMonitorStatistics) -> UInt64 {
    (software &- earlier.software) &+ (hardware &- earlier.hardware)
  }
}
