package import Filters

/// What the kernel's drop monitor is asked for; fixed when it starts.
package struct DropMonitorOptions: Equatable, Sendable {
  /// What an alert is: NET_DM_ALERT_MODE_*.
  package enum AlertMode: UInt8, Sendable {
    /// How often each site dropped in the last second.
    case summary = 0
    /// Each dropped packet.
    case packet = 1
  }

  /// How packets are reported: what CONFIG sets and CONFIG_GET tells.
  package struct Configuration: Equatable, Sendable {
    package var alertMode: AlertMode
    /// Bytes of each packet's payload; 0 for all of it.
    package var truncation: UInt32
    /// Packets that may wait on each CPU until the kernel sends them.
    package var queueLength: UInt32

    package init(
      alertMode: AlertMode = .summary, truncation: UInt32 = 0, queueLength: UInt32 = 1000
    ) {
      self.alertMode = alertMode
      self.truncation = truncation
      self.queueLength = queueLength
    }
  }

  /// What to do about a monitor that is on already.
  package enum Approach: Equatable, Sendable {
    /// Leave it alone and refuse.
    case considerate
    /// Stop it, and start anew.
    case takeOver
    /// Listen along without touching it.
    case passive
  }

  package var configuration = Configuration()
  /// Watch what the kernel's own code drops.
  package var software = true
  /// Watch what network hardware drops (from 5.4).
  package var hardware = false
  package var approach = Approach.considerate
  /// Which drops are counted and handed over; the others count as filtered.
  ///
  /// What only packets tell (an expression, a reason, a device) needs the packet mode.
  package var filter = DropFilter()
  /// Bytes of alerts that may wait to be read.
  ///
  /// The original's 212,992 lost 4,900 of 5,000 packets.
  package var receiveBuffer: Int32 = 64 << 20

  /// Packets that may wait on each CPU when all are asked for: the kernel's own 1,000 are gone
  /// within a millisecond of a flood.
  package static let packetQueue: UInt32 = 16_384

  package init() {}
}
