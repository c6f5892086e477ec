internal import Bytes
internal import Netlink

/// The namespace that counters are read in: its files, its netlink sockets, its drivers.
///
/// The live one is whatever namespace the thread is in; tests put others in its place.
final class CounterPlace {
  /// Reads a file; "net/snmp" is relative to /proc/thread-self, as the rest begins with "/".
  let file: (String) throws(FileError) -> [UInt8]
  private let open: (KernelSocket.Network) throws(NetlinkError) -> any NetlinkSocket
  /// Sends a request of ethtool's to a device's driver and returns what came back in its place; nil if
  /// the driver has no such thing.
  let ethtool: (String, [UInt8]) throws(NetlinkError) -> [UInt8]?
  /// What the kernel has turned out not to have: asking again would make it look for a module again,
  /// which starts a process.
  var missing: Set<String>
  private var connections: [KernelSocket.Network: NetlinkConnection] = [:]
  private var knownLinks: [Link]?

  init(
    missing: Set<String> = [],
    file: @escaping (String) throws(FileError) -> [UInt8],
    open: @escaping (KernelSocket.Network) throws(NetlinkError) -> any NetlinkSocket,
    ethtool: @escaping (String, [UInt8]) throws(NetlinkError) -> [UInt8]?
  ) {
    self.missing = missing
    self.file = file
    self.open = open
    self.ethtool = ethtool
  }

  /// The connection to a protocol, opened when it is first asked for.
  func connection(_ network: KernelSocket.Network) throws(NetlinkError) -> NetlinkConnection {
    if let known = connections[network] { return known }
    let connection = NetlinkConnection(try open(network))
    connections[network] = connection
    return connection
  }

  /// The devices, as they were when they were first asked for.
  func links() throws(NetlinkError) -> [Link] {
    if let knownLinks { return knownLinks }
    let links = try Link.all(over: try connection(.route))
    knownLinks = links
    return links
  }

  /// The file if there is one.
  func fileIfThere(_ path: String) throws(FileError) -> [UInt8]? {
    do throws(FileError) {
      return try file(path)
    } catch {
      guard error.isMissing else { throw error }
      return nil
    }
  }
}
