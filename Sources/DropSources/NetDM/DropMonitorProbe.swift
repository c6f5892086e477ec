internal import Netlink

/// What can be told of the kernel's drop monitor without touching it.
package struct DropMonitorProbe: Equatable, Sendable {
  /// The number of its netlink family on this boot.
  package var family: UInt16
  package var configuration: DropMonitorOptions.Configuration
  /// Processes that listen to it, as "dropwatch[812]".
  package var listeners: [String]

  /// Looks the family up, which loads its module, and asks for its configuration.
  package init() throws(SourceError) {
    do throws(NetlinkError) {
      let socket = try KernelSocket(.generic)
      let connection = NetlinkConnection(socket)
      let found = try GenericFamily(named: DropMonitorMessage.family, over: connection)
      let group = try found.group(DropMonitorMessage.group)
      family = found.number
      configuration = try DropMonitorControl(family: found, connection: connection).configuration()
      listeners = Listeners.current(group: group, except: socket.port).processes()
    } catch {
      throw SourceError(error)
    }
  }
}
