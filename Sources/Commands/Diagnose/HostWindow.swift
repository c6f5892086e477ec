internal import Diagnosis
internal import DropModel
internal import Glibc
internal import HostCounters
internal import KernelNames

/// The machine's counters at the beginning and at the end of a look, of each network namespace that has
/// a name or a process, as far as it could be entered.
final class HostWindow {
  private var namespaces = NamespaceNames()
  private var readers: [UInt32: CounterReader] = [:]
  private var first: [UInt32: CounterSnapshot] = [:]
  private var last: [UInt32: CounterSnapshot] = [:]
  /// Each namespace's devices, as of the end.
  private var links: [UInt32: [Link]] = [:]
  /// Each namespace's queueing disciplines, as of the end.
  private var qdiscs: [UInt32: [DeviceQdisc]] = [:]
  /// What each namespace is configured as, from when it was first asked for.
  private var states: [UInt32: StateReader] = [:]
  /// Each namespace's rules of nftables.
  let rules = RuleWindow()
  private var problemSet: Set<String> = []

  /// How many namespaces are read; reading one takes a millisecond or two.
  private static let limit = 256

  /// Single sockets are evidence, but no counters of their own: the protocols' count the same.
  private static let families: [CounterFamily] = [
    .link, .ethtool, .softnet, .netstat, .qdisc, .conntrack, .xsk,
  ]

  /// What could not be read, a sentence each.
  var problems: [String] { problemSet.sorted() }

  func begin() {
    first = snapshots()
    rules.begin(paths)
  }

  func end() {
    last = snapshots()
    rules.end(paths)
    for (namespace, reader) in readers {
      attempt(namespace) {
        links[namespace] = try reader.links()
        qdiscs[namespace] = try reader.qdiscs()
      }
    }
  }

  /// The files of the namespaces that were read.
  private var paths: [(inode: UInt32, path: String)] {
    readers.keys.compactMap { inode in namespaces.path(of: inode).map { (inode, $0) } }
  }

  /// A namespace's file; nil if it has neither a name nor a process.
  func path(of namespace: UInt32) -> String? { namespaces.path(of: namespace) }

  private func snapshots() -> [UInt32: CounterSnapshot] {
    namespaces.refresh()
    var snapshots: [UInt32: CounterSnapshot] = [:]
    let all = namespaces.all()
    if all.count > Self.limit {
      problemSet.insert(
        "Counters were read of \(Self.limit) of the \(all.count) network namespaces.")
    }
    for namespace in all.prefix(Self.limit) {
      guard let path = namespaces.path(of: namespace) else { continue }
      let reader = CounterReader(namespace: path, families: Self.families)
      readers[namespace] = reader
      attempt(namespace) {
        let snapshot = try reader.snapshot()
        // Another one may have the file's name by now.
        guard snapshot.namespace == namespace else { return }
        snapshots[namespace] = snapshot
        for problem in snapshot.problems { tell(problem, of: namespace) }
      }
    }
    return snapshots
  }

  private func attempt(_ namespace: UInt32, _ body: () throws -> Void) {
    do { try body() } catch { tell("\(error)", of: namespace) }
  }

  private func tell(_ problem: String, of namespace: UInt32) {
    guard problemSet.count < 20 else { return }
    problemSet.insert(
      "Of netns \(namespaces.name(of: namespace) ?? String(namespace)): \(problem).")
  }

  /// How far each counter moved; those of namespaces that began or ended meanwhile are not told.
  var changes: [CounterChange] {
    var changes: [CounterChange] = []
    var hasHost = false
    for (namespace, end) in last.sorted(by: { $0.key < $1.key }) {
      guard let begin = first[namespace] else { continue }
      let roots = roots(of: namespace)
      for (name, change) in end.changes(since: begin).changed {
        // Every namespace tells the same of the machine.
        if name.family.isOfHost, hasHost { continue }
        // A parent counts what its children drop as well.
        if name.family == .qdisc, !roots.contains(name.instance ?? "") { continue }
        changes.append(
          CounterChange(
            family: name.family.rawValue, instance: name.instance, field: name.field,
            namespace: name.family.isOfHost ? 0 : namespace, change: change))
      }
      hasHost = true
    }
    return changes
  }

  /// Those of some namespaces that were read at the beginning and at the end; of none for all, with 0 for
  /// the machine's own counters.
  func comparable(of namespaces: Set<UInt32>) -> Set<UInt32> {
    let read = Set(first.keys).intersection(last.keys)
    return namespaces.isEmpty ? read.union([0]) : read.intersection(namespaces)
  }

  /// How far each counter of some namespaces moved, without those of the whole machine; all for none.
  func changes(in namespaces: Set<UInt32>) -> [CounterChange] {
    changes.filter { namespaces.isEmpty || namespaces.contains($0.namespace) }
  }

  /// The queueing disciplines that no other one contains, as counters call them.
  private func roots(of namespace: UInt32) -> Set<String> {
    let names = Dictionary(
      (links[namespace] ?? []).map { ($0.index, $0.name) }, uniquingKeysWith: { $1 })
    let roots = (qdiscs[namespace] ?? []).filter { $0.isIngress || $0.qdisc.parent == Qdisc.root }
    return Set(
      roots.compactMap { root in names[root.device].map { root.instance(on: $0) } })
  }

  /// The device that a drop was on.
  func device(of drop: Drop) -> Link? {
    guard let namespace = drop.namespace, let device = drop.device else { return nil }
    return links[namespace.inode]?
      .first { $0.index == device.index && (device.name == nil || device.name == $0.name) }
  }

  /// The queueing disciplines of a device.
  func qdiscs(of link: Link, in namespace: UInt32) -> [DeviceQdisc] {
    (qdiscs[namespace] ?? []).filter { $0.device == link.index }
  }

  /// The sockets of a namespace that are bound to a port.
  func sockets(port: UInt16, in namespace: UInt32) throws -> [SocketMemory] {
    try readers[namespace]?.sockets(port: port) ?? []
  }

  /// A device of a namespace, by its index.
  func link(_ index: UInt32, in namespace: UInt32) -> Link? {
    links[namespace]?.first { $0.index == index }
  }

  /// What a namespace is configured as now; nil if it cannot be entered any more.
  func state(of namespace: UInt32) -> StateReader? {
    if let known = states[namespace] { return known }
    guard let path = namespaces.path(of: namespace) else { return nil }
    let state = StateReader(path)
    states[namespace] = state
    return state
  }

  /// How far the receive queues of the CPUs have moved, by CPU and counter; those that stood still are
  /// left out.
  var softnet: [String: [String: UInt64]] {
    for (namespace, end) in last {
      guard let begin = first[namespace] else { continue }
      return end.changes(since: begin).changed.reduce(into: [:]) { changes, change in
        guard change.key.family == .softnet, let processor = change.key.instance else { return }
        changes[processor, default: [:]][change.key.field] = change.value
      }
    }
    return [:]
  }

  /// How many packets wait in the receive queue of a CPU now; nil before Linux 5.10.
  func backlog(of processor: String) -> Int64? {
    last.values.first?.gauges[CounterName(.softnet, processor, "backlog_len")]
  }

  /// What goes up and down in a namespace, as of the end: "conntrack.count".
  func gauge(_ kind: String, in namespace: UInt32) -> Int64? {
    last[namespace]?.gauges.first { $0.key.kind == kind }?.value
  }

  /// A sysctl's value in a namespace, by its dotted name; the machine's where the namespace has none of
  /// its own; nil if it cannot be read.
  func sysctl(_ name: String, in namespace: UInt32?) -> String? {
    if let value = Sysctls.value(name, in: namespace.flatMap { namespaces.path(of: $0) }) {
      return value
    }
    return Sysctls.isOfDevice(name) ? nil : Sysctls.value(name)
  }

  /// What goes before a command that is to run in a namespace: nothing in our own, and nothing before
  /// sysctls that can only be set for the whole machine.
  func prefix(of namespace: UInt32?, before command: String) -> String {
    guard let namespace, let path = namespaces.path(of: namespace) else { return "" }
    let sysctls = Sysctls.names(in: command)
    if !sysctls.isEmpty,
      sysctls.allSatisfy({ !Sysctls.isSettable($0, in: path) && Sysctls.isSettable($0) })
    {
      return ""
    }
    guard CommandTemplate.isPlain(path) else {
      // Nothing that could be copied in good faith.
      return "nsenter --net='/run/netns/{netns}' "
    }
    if let name = namespaces.name(of: namespace), path == "/run/netns/\(name)" {
      return "ip netns exec \(name) "
    }
    return namespaces.name(of: namespace) == "init" ? "" : "nsenter --net=\(path) "
  }
}
