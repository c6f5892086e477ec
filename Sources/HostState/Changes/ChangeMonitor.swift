internal import Bytes
package import DropModel
internal import Glibc
package import Netlink

/// Listens to what changes in one network namespace: devices, addresses, routes, neighbours, queues and
/// the rules of nf_tables.
///
/// Its sockets keep the namespace alive: let go of it when its name is gone. The kernel stamps no such
/// event, so a change lies between two readings.
package final class ChangeMonitor {
  private let route: any NetlinkSocket
  /// nil where nobody listens to nf_tables.
  private let rules: (any NetlinkSocket)?
  private var state: NamespaceState
  private var transaction = RuleTransaction()
  private var lastRead = MonotonicTime.now
  /// What could not be seen, a sentence each.
  package private(set) var problems: Set<String> = []

  /// How much may wait: more than a firewall's reload of ten thousand rules.
  private static let receiveBuffer: Int32 = 4 << 20
  /// Bytes for one datagram; those of groups are smaller than two pages, but for devices with many
  /// virtual functions.
  private static let room = 1 << 15
  /// How many datagrams are taken in one reading, against whoever sends faster than is read.
  private static let patience = 20_000

  /// Begins to listen in a namespace, given its file; nil is this thread's.
  package convenience init(namespace file: String?) throws(NetlinkError) {
    let route = try KernelSocket(.route, in: file, room: Self.room)
    _ = route.enlargeReceiveBuffer(to: Self.receiveBuffer)
    for group in NamespaceState.groups { try route.join(group: group.number, named: group.name) }
    // After the groups were joined, so that no change falls between.
    let state = try NamespaceState(over: NetlinkConnection(KernelSocket(.route, in: file)))
    var rules: KernelSocket?
    var problem: String?
    do throws(NetlinkError) {
      rules = try Self.rules(in: file)
    } catch {
      problem = "changes of nftables rules: \(error)"
    }
    self.init(route: route, rules: rules, state: state)
    if let problem { problems.insert(problem) }
  }

  /// Over sockets that have joined their groups already.
  init(route: any NetlinkSocket, rules: (any NetlinkSocket)?, state: NamespaceState) {
    self.route = route
    self.rules = rules
    self.state = state
  }

  private static func rules(in file: String?) throws(NetlinkError) -> KernelSocket? {
    // Joining makes the kernel load what it lacks (nfnetlink_bind): nobody else uses it here.
    guard KernelModule.isThere("nf_tables") else { return nil }
    let socket = try KernelSocket(.netfilter, in: file, room: room)
    _ = socket.enlargeReceiveBuffer(to: receiveBuffer)
    try socket.join(group: RuleEvent.group.number, named: RuleEvent.group.name)
    return socket
  }

  /// What changed since the last reading; never waits.
  package func read() -> [StateChange] {
    let (since, begun) = (lastRead, MonotonicTime.now)
    var changes = NamespaceState.Changes()
    drain(route, "links, addresses, routes, neighbours and queues") {
      (message) throws(NetlinkError) in
      changes += try self.state.apply(message)
    }
    if let rules {
      drain(rules, "nftables rules") { (message) throws(NetlinkError) in
        guard let event = try RuleEvent(message) else { return }
        changes += self.transaction.take(event).map { (.nftables, $0) }
      }
    }
    // Whatever came before this reading began has been read by now.
    lastRead = begun
    let time = MonotonicTime.now
    return changes.map { StateChange($0.kind, $0.text, since: since, time: time) }
  }

  /// What changed since the last reading, and what is left of an unfinished transaction.
  package func end() -> [StateChange] {
    let since = lastRead
    return read() + transaction.end().map { StateChange(.nftables, $0, since: since, time: .now) }
  }

  private func drain(
    _ socket: any NetlinkSocket, _ what: String,
    _ body: (borrowing Message) throws(NetlinkError) -> Void
  ) {
    for _ in 0..<Self.patience {
      do throws(NetlinkError) {
        guard let datagram = try socket.receive(within: .zero) else { return }
        if datagram.isTruncated { problems.insert("some changes of \(what) were too long to read") }
        var reader = MessageReader(datagram.bytes.span.raw)
        while let message = try reader.next() { try body(message) }
      } catch {
        guard error.code != ENOBUFS else {
          problems.insert("some changes of \(what) were lost, for they came too fast")
          continue
        }
        problems.insert("changes of \(what): \(error)")
        // A message that nobody understands is gone; a socket that fails goes on failing.
        if case .system = error { return }
      }
    }
  }
}
