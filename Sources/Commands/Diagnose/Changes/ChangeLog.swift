internal import Diagnosis
internal import DropModel
internal import Filters
internal import HostState
internal import KernelNames
internal import Netlink

/// What changes on this machine during a diagnosis, in each network namespace that has a name or a process.
///
/// Events are read whenever asked, at most each tenth of a second; settings, of which there are no events,
/// are looked at so seldom that it takes no more than a fiftieth of the time.
final class ChangeLog {
  private var names = NamespaceNames()
  private var monitors: [UInt32: ChangeMonitor] = [:]
  private var sysctls: [UInt32: SysctlMonitor] = [:]
  /// The settings that only the namespace of process 1 has: they are the whole machine's.
  private var machine: SysctlMonitor?
  private var changes: [StateChange] = []
  private var uncounted: UInt64 = 0
  private var problemSet: Set<String> = []
  private var nextRead = MonotonicTime.now
  private var nextLook = MonotonicTime.now
  /// Since when drops are counted.
  var begin = MonotonicTime.now

  /// How many namespaces are listened to, two sockets each.
  private static let namespaceLimit = 64
  /// In how many all settings are looked at, and not only those that explanations name.
  private static let wholeLimit = 16
  /// How many changes are kept.
  private static let limit = 10_000
  private static let pause = Duration.milliseconds(100)

  /// Begins to listen; `namespaces` are those that matter, none for all.
  init(namespaces wanted: [UInt32]) {
    let all = names.all()
    let here = wanted.isEmpty ? all : all.filter(wanted.contains)
    if here.count > Self.namespaceLimit {
      problemSet.insert(
        "Changes were watched in \(Self.namespaceLimit) of the \(here.count) network namespaces.")
    }
    for namespace in here.prefix(Self.namespaceLimit) {
      attempt(namespace) {
        guard let path = names.path(of: namespace) else { return }
        monitors[namespace] = try ChangeMonitor(namespace: path)
      }
    }
    watchSettings()
    nextLook = MonotonicTime.now.advanced(by: .seconds(1))
  }

  /// Takes a first look at the settings of each namespace, and at those that only process 1's can set:
  /// they are the whole machine's.
  private func watchSettings() {
    let first = try? NamespaceSearch().inode(of: "init")
    let other = monitors.keys.first { $0 != first }.flatMap { names.path(of: $0) }
    // Where no other namespace is watched they need no telling apart.
    let own = other.flatMap { try? SysctlMonitor.ownNames(in: $0) }
    func isOfMachine(_ name: String) -> Bool {
      own.map { !$0.contains(name) && !Sysctls.isOfDevice(name) } ?? false
    }
    let isAll = monitors.count <= Self.wholeLimit
    for namespace in monitors.keys {
      watchSettings(of: namespace, into: &sysctls[namespace]) {
        (isAll || Sysctls.isWatched($0)) && !isOfMachine($0)
      }
    }
    if let first, own != nil { watchSettings(of: first, into: &machine, where: isOfMachine) }
  }

  private func watchSettings(
    of namespace: UInt32, into monitor: inout SysctlMonitor?, where isOf: (String) -> Bool
  ) {
    guard let path = names.path(of: namespace) else { return }
    do {
      monitor = try SysctlMonitor(namespace: path, often: Sysctls.watched, where: isOf)
    } catch {
      tell("changes of sysctls were not watched: \(error)", of: namespace)
    }
  }

  /// Reads what came since the last time, if that was not just now.
  func read() {
    guard MonotonicTime.now >= nextRead else { return }
    nextRead = MonotonicTime.now.advanced(by: Self.pause)
    names.refresh()
    for (namespace, monitor) in monitors {
      add(monitor.read(), of: namespace)
      // Our sockets would keep a namespace alive that somebody has deleted.
      if names.path(of: namespace) == nil { monitors[namespace] = nil }
    }
    if MonotonicTime.now >= nextLook { look() }
  }

  /// Reads the last, and tells everything.
  func end() -> WatchedChanges {
    for (namespace, monitor) in monitors {
      add(monitor.end(), of: namespace)
      for problem in monitor.problems { tell(problem, of: namespace) }
    }
    monitors = [:]
    look(isLast: true)
    return WatchedChanges(list: changes, uncounted: uncounted, begin: begin)
  }

  /// What could not be seen, a sentence each.
  var problems: [String] { problemSet.sorted() }

  private func look(isLast: Bool = false) {
    let start = MonotonicTime.now
    if let machine { add((try? machine.look(isLast: isLast)) ?? [], of: nil) }
    for (namespace, monitor) in sysctls {
      // A namespace that has gone takes its settings with it.
      guard names.path(of: namespace) != nil else { continue }
      add((try? monitor.look(isLast: isLast)) ?? [], of: namespace)
    }
    let cost = start.duration(to: .now)
    nextLook = MonotonicTime.now.advanced(by: max(.seconds(1), cost * 50))
  }

  private func add(_ found: [StateChange], of namespace: UInt32?) {
    for var change in found {
      guard changes.count < Self.limit else {
        uncounted += 1
        continue
      }
      change.namespace = namespace.map {
        NetworkNamespace(inode: $0, name: names.name(of: $0))
      }
      changes.append(change)
    }
  }

  private func attempt(_ namespace: UInt32, _ body: () throws -> Void) {
    do { try body() } catch { tell("changes were not watched: \(error)", of: namespace) }
  }

  private func tell(_ problem: String, of namespace: UInt32) {
    guard problemSet.count < 20 else { return }
    problemSet.insert(
      "Of netns \(names.name(of: namespace) ?? String(namespace)): \(problem).")
  }
}
