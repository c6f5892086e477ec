internal import Netlink

/// What can be told of the kernel's drop monitor without touching it.
package struct DropMonitorProbe: Equatable, Sendable {
  /// The number of its netlink family on this boot.
  package var family: UInt16
  package var configuration: DropMonitorOptions.Configuration
  package var statistics: DropMonitorStatistics
  /// Processes that listen to it, as "dropwatch[812]".
  package var listeners: [String]

  /// Looks the family up, which loads its module, and asks for its configuration.
  package init() throws(SourceError) {
    do throws(NetlinkError) {
      let control = try DropMonitorControl()
      let group = try control.family.group(DropMonitorMessage.group)
      family = control.family.number
      configuration = try control.configuration()
      statistics = try control.statistics()
      listeners = Listeners.current(
        group: group, except: control.connection.socket.port
      ).processes()
    } catch {
      throw SourceError(error)
    }
  }

  /// Stops the monitor, whoever has started it; says whether it was on.
  package static func stopMonitor(software: Bool, hardware: Bool) throws(SourceError) -> Bool {
    do throws(NetlinkError) {
      return try DropMonitorControl().stopAll(software: software, hardware: hardware)
    } catch {
      throw SourceError(error)
    }
  }
}
