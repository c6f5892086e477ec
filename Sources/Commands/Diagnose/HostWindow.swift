internal import Diagnosis
internal import DropModel
internal import Glibc
internal import HostCounters
internal import KernelNames

/// The machine's counters at the beginning and at the end of a look, of each network namespace that has
/// a name or a process, as far as it could be entered.
final class HostWindow {
  private var namespaces = NamespaceNames()
  private var first: [UInt32: CounterSnapshot] = [:]
  private(set) var last: [UInt32: CounterSnapshot] = [:]
  /// What could not be read, a sentence each.
  private(set) var problems: [String] = []

  /// How many namespaces are read; reading one takes a millisecond or two.
  private static let limit = 256

  func begin() { first = snapshots() }

  func end() { last = snapshots() }

  private func snapshots() -> [UInt32: CounterSnapshot] {
    namespaces.refresh()
    var snapshots: [UInt32: CounterSnapshot] = [:]
    let all = namespaces.all()
    if all.count > Self.limit, problems.isEmpty {
      problems.append(
        "Counters were read of \(Self.limit) of the \(all.count) network namespaces: --netns says which."
      )
    }
    for namespace in all.prefix(Self.limit) {
      guard let path = namespaces.path(of: namespace) else { continue }
      let snapshot = HostCounters(namespace: path).snapshot(at: .now)
      for problem in snapshot.problems where problems.count < 10 {
        problems.append(
          "Of netns \(namespaces.name(of: namespace) ?? String(namespace)): \(problem).")
      }
      snapshots[namespace] = snapshot
    }
    return snapshots
  }

  /// How far each counter moved; those of namespaces that began or ended meanwhile are not told.
  var changes: [CounterChange] {
    var changes: [CounterChange] = []
    var hasHost = false
    for (namespace, end) in last.sorted(by: { $0.key < $1.key }) {
      guard let begin = first[namespace] else { continue }
      for (name, change) in end.changes(since: begin) {
        // Every namespace tells the same of the CPUs.
        if name.family == "softnet", hasHost { continue }
        changes.append(
          CounterChange(
            family: name.family, instance: name.instance, field: name.field,
            namespace: name.family == "softnet" ? 0 : namespace, change: change))
      }
      hasHost = true
    }
    return changes
  }

  /// The device that a drop was on.
  func device(of drop: Drop) -> NetworkDevice? {
    guard let namespace = drop.namespace, let device = drop.device else { return nil }
    return (last[namespace.inode] ?? first[namespace.inode])?.devices
      .first { $0.index == device.index && (device.name == nil || device.name == $0.name) }
  }

  /// A sysctl's value in a namespace, by its dotted name; nil if it cannot be read.
  func sysctl(_ name: String, in namespace: UInt32?) -> String? {
    Sysctls.value(name, in: namespace.flatMap { namespaces.path(of: $0) })
  }

  /// What goes before a command that is to run in a namespace: nothing in our own.
  func prefix(of namespace: UInt32?) -> String {
    guard let namespace, let path = namespaces.path(of: namespace) else { return "" }
    if let name = namespaces.name(of: namespace), path == "/run/netns/\(name)" {
      return "ip netns exec \(name) "
    }
    return namespaces.name(of: namespace) == "init" ? "" : "nsenter --net=\(path) "
  }
}
