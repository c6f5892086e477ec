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
  ///
  /// They begin anew with the module: what is less than before has been counted since then.
  func since(_ earlier: DropMonitorStatistics) -> UInt64 {
    func gained(_ now: UInt64, _ then: UInt64) -> UInt64 { now >= then ? now - then : now }
    return gained(software, earlier.software) &+ gained(hardware, earlier.hardware)
  }
}
