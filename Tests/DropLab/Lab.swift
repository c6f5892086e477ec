import CDropLab
import Glibc
import Synchronization

/// A set of network namespaces for one case, removed again at its end.
///
/// It belongs to one thread. Namespaces, sockets and devices live until `close()`, so nothing that
/// the kernel frees at their end falls into the time in which a case is counted.
package final class Lab {
  /// Called by `arm()`, when all is set up and before the first drop: attach or take a baseline here.
  package var onArm: ((Lab) throws -> Void)?
  /// Whether the case has called `arm()`.
  package private(set) var isArmed = false
  /// The namespaces made so far, in order.
  package private(set) var namespaces: [LabNamespace] = []

  private var closers: [() -> Void] = []
  private static let serial = Atomic<Int>(0)

  /// Makes an empty lab, after removing what crashed runs left behind.
  package init() throws {
    try Lab.sweep()
  }

  deinit { close() }

  /// The namespace with a role, nil if the case made none.
  package func namespace(_ role: LabRole) -> LabNamespace? {
    namespaces.first { $0.role == role }
  }

  /// Ends the set-up: from here on only what the case provokes may happen.
  package func arm() throws {
    guard !isArmed else { throw LabError("a case may arm its lab only once") }
    isArmed = true
    try onArm?(self)
  }

  /// Makes a namespace with loopback up and IPv6 off for all its devices.
  package func makeNamespace(_ role: LabRole) throws -> LabNamespace {
    let namespace = try LabNamespace(role: role, name: Lab.uniqueName())
    namespaces.append(namespace)
    // Off before any device exists: no router solicitation, MLD report or duplicate address
    // detection may add a drop of its own.
    try namespace.set("ipv6/conf/all/disable_ipv6", 1)
    try namespace.set("ipv6/conf/default/disable_ipv6", 1)
    _ = try namespace.inside { try checked(unsafe dwlab_interface_up("lo"), "switch on lo") }
    return namespace
  }

  /// Keeps a descriptor open until the end of the lab.
  @discardableResult
  package func keep(_ descriptor: Descriptor) -> Descriptor {
    atEnd { descriptor.close() }
    return descriptor
  }

  /// Registers something to undo at the end, in reverse order.
  package func atEnd(_ body: @escaping () -> Void) {
    closers.append(body)
  }

  /// Closes all that was kept and removes the namespaces; closing twice does nothing.
  package func close() {
    for closer in closers.reversed() { closer() }
    closers = []
    for namespace in namespaces.reversed() { namespace.remove() }
    namespaces = []
  }

  /// Waits, for what the kernel does by timer; at most a second.
  package func pause(milliseconds: UInt32) {
    usleep(min(milliseconds, 1000) * 1000)
  }

  /// Removes namespaces and cgroups of labs whose process is gone.
  package static func sweep() throws {
    for name in KernelFile.names(in: "/run/netns") where isLeftover(name) {
      _ = try? Command.run(["ip", "netns", "delete", name])
    }
    for name in KernelFile.names(in: ControlGroup.root) where isLeftover(name) {
      unsafe _ = rmdir("\(ControlGroup.root)/\(name)")
    }
  }

  /// A name that no other lab or process has, from which `sweep()` can tell whose it is.
  static func uniqueName() -> String {
    "dwlab-\(getpid())-\(serial.add(1, ordering: .relaxed).newValue)"
  }

  /// Whether a name is `dwlab-<pid>` or `dwlab-<pid>-<n>` of a process that no longer runs.
  static func isLeftover(_ name: String) -> Bool {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0] == "dwlab", let process = pid_t(parts[1]) else { return false }
    // kill(2) with signal 0 only looks; EPERM would mean that somebody is there.
    return kill(process, 0) < 0 && dwlab_errno() == ESRCH
  }
}
