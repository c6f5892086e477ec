internal import Netlink

/// Whether tests of the kernel's classic drop monitor can run.
package enum NetDM {
  /// Why tests are skipped where it is not there.
  package static let reason = "this kernel has no drop_monitor, or this is not root"

  /// Whether the kernel has the netlink family, or can load the module that has it.
  package static let isAvailable: Bool = {
    guard let socket = try? KernelSocket(.generic) else { return false }
    let connection = NetlinkConnection(socket)
    return (try? GenericFamily(named: "NET_DM", over: connection)) != nil
  }()
}
