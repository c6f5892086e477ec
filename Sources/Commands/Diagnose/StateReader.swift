internal import Bytes
internal import DropModel
internal import HostState
internal import Netlink

/// What a network namespace is configured as, each thing asked for when it is first wanted.
///
/// Its sockets keep a namespace alive: make one at the end of a look only.
final class StateReader {
  private let file: String
  private var connections: [KernelSocket.Network: NetlinkConnection] = [:]
  private var knownAddresses: [InterfaceAddress]?
  private var knownNeighbours: [Neighbour]?
  private var knownSettings: [DeviceSettings]?
  private var knownPolicies: [SecurityPolicy]?
  private var knownAssociations: [SecurityAssociation]?

  /// `file` is the namespace's.
  init(_ file: String) { self.file = file }

  func addresses() throws(NetlinkError) -> [InterfaceAddress] {
    if let knownAddresses { return knownAddresses }
    let addresses = try InterfaceAddress.all(over: try connection(.route))
    knownAddresses = addresses
    return addresses
  }

  func neighbours() throws(NetlinkError) -> [Neighbour] {
    if let knownNeighbours { return knownNeighbours }
    let neighbours = try Neighbour.all(over: try connection(.route))
    knownNeighbours = neighbours
    return neighbours
  }

  func settings() throws(NetlinkError) -> [DeviceSettings] {
    if let knownSettings { return knownSettings }
    let settings = try DeviceSettings.all(over: try connection(.route))
    knownSettings = settings
    return settings
  }

  func policies() throws(NetlinkError) -> [SecurityPolicy] {
    if let knownPolicies { return knownPolicies }
    let policies = try SecurityPolicy.all(over: try connection(.transformation))
    knownPolicies = policies
    return policies
  }

  func associations() throws(NetlinkError) -> [SecurityAssociation] {
    if let knownAssociations { return knownAssociations }
    let associations = try SecurityAssociation.all(over: try connection(.transformation))
    knownAssociations = associations
    return associations
  }

  /// What the kernel decides for a packet: ``Route/lookup(to:from:by:over:)``.
  func route(
    to destination: IPAddress, from source: IPAddress? = nil, by device: UInt32? = nil
  ) throws(NetlinkError) -> Route.Decision {
    try Route.lookup(
      to: destination, from: source, by: device, over: try connection(.route))
  }

  /// What protocols hold of memory.
  func memory() throws(FileError) -> ProtocolMemory {
    let failure = { FileError(.open, path: self.file, code: $0) }
    return try inNamespace(file, failure) { () throws(FileError) in
      var memory = ProtocolMemory()
      for name in ["sockstat", "sockstat6"] {
        let path = "/proc/thread-self/net/" + name
        do throws(FileError) {
          _ = memory.read(try [UInt8](contentsOfFile: path))
        } catch {
          // A kernel without IPv6 has no sockstat6.
          guard error.isMissing else { throw error }
        }
      }
      return memory
    }
  }

  private func connection(
    _ network: KernelSocket.Network
  ) throws(NetlinkError) -> NetlinkConnection {
    if let known = connections[network] { return known }
    let connection = NetlinkConnection(try KernelSocket(network, in: file))
    connections[network] = connection
    return connection
  }
}
