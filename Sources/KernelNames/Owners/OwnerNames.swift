internal import Bytes
internal import DropModel
internal import Netlink

/// The names of sockets' owners: never the task that a drop happened to interrupt.
///
/// What is asked for is looked up once and kept until the next refresh; what is found stays known
/// for sockets and groups that are gone meanwhile.
struct OwnerNames {
  /// How many owners are remembered.
  private static let limit = 65_536

  private var groups: ControlGroups
  private var holders: SocketHolders
  private let users = try? UserNames()
  private var known: [SocketOwner.Identity: Owner] = [:]
  /// By namespace, as of the last refresh; nil where they could not be had.
  private var listeners: [UInt32: Listeners?] = [:]
  /// Why listeners could not be looked up, the last time that they could not.
  private(set) var failure: NetlinkError?

  init(groups: ControlGroups = ControlGroups(), holders: SocketHolders = SocketHolders()) {
    self.groups = groups
    self.holders = holders
  }

  mutating func refresh() {
    groups.refresh()
    holders.refresh()
    listeners.removeAll(keepingCapacity: true)
    // Those without a process may get one; the others stay as they were, but not for ever: sockets
    // come and go while a run lasts.
    known = known.count > Self.limit ? [:] : known.filter { $0.value.pid != nil }
  }

  /// The owner of a socket.
  mutating func owner(of socket: SocketOwner) -> Owner { owner(socket.identity) }

  /// Who listens on a port of a namespace; `path` gives the namespace's file.
  mutating func listener(
    transport: UInt8, port: UInt16, address: IPAddress, namespace: UInt32,
    path: (UInt32) -> String?
  ) -> Owner? {
    if listeners[namespace] == nil { listeners[namespace] = .some(look(into: namespace, path)) }
    guard
      let found = listeners[namespace]??.socket(transport: transport, port: port, address: address)
    else { return nil }
    var owner = owner(
      SocketOwner.Identity(uid: found.uid, cgroup: found.group, inode: found.inode))
    owner.isInferred = true
    return owner
  }

  private mutating func look(into namespace: UInt32, _ path: (UInt32) -> String?) -> Listeners? {
    guard let path = path(namespace) else { return nil }
    do throws(NetlinkError) {
      return try Listeners(namespace: path)
    } catch {
      failure = error
      return nil
    }
  }

  private mutating func owner(_ identity: SocketOwner.Identity) -> Owner {
    if let owner = known[identity] { return owner }
    let group = groups.path(of: identity.cgroup)
    let path = group.map(ControlGroupPath.init)
    let holder = holders.holder(of: identity.inode, in: group.map { groups.root + $0 })
    let owner = Owner(
      uid: identity.uid, user: users?.name(of: identity.uid), cgroup: group, unit: path?.unit,
      container: path?.container, pid: holder?.number, command: holder?.command)
    known[identity] = owner
    return owner
  }
}
