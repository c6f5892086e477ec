import CDropLab
import Glibc

/// A named network namespace that a lab made.
package final class LabNamespace {
  /// The part it plays in its lab.
  package let role: LabRole
  /// Its name under `/run/netns`, `dwlab-<pid>-<n>`.
  package let name: String
  /// Its identity in the kernel, as `readlink /proc/PID/ns/net` shows it.
  package let inode: UInt64
  private let file: Descriptor

  init(role: LabRole, name: String) throws(LabError) {
    self.role = role
    self.name = name
    try Command.run(["ip", "netns", "add", name])
    let path = "/run/netns/" + name
    file = try Descriptor(unsafe open(path, O_RDONLY | O_CLOEXEC), "open \(path)")
    inode = try KernelFile.inode(of: path)
  }

  /// Runs `body` with the calling thread inside the namespace, and brings the thread back.
  ///
  /// Sockets, devices and children made by `body` belong to this namespace for good.
  package func inside<Value>(_ body: () throws -> Value) throws -> Value {
    let path = "/proc/thread-self/ns/net"
    let home = try Descriptor(unsafe open(path, O_RDONLY | O_CLOEXEC), "open \(path)")
    try checked(dwlab_setns(file.number), "enter the namespace \(name)")
    let outcome = Result(catching: body)
    try checked(dwlab_setns(home.number), "return from the namespace \(name)")
    return try outcome.get()
  }

  /// Runs `body` inside the namespace on a thread of its own, so that the caller can go on.
  package func thread(_ body: @escaping @Sendable () throws -> Void) throws -> LabThread {
    let number = fcntl(file.number, F_DUPFD_CLOEXEC, 0)
    let name = name
    return try LabThread {
      let file = try Descriptor(number, "duplicate the namespace \(name)")
      try checked(dwlab_setns(file.number), "enter the namespace \(name)")
      try body()
    }
  }

  /// Runs lines of `ip -batch`.
  package func ip(_ lines: String...) throws { try ip(lines) }

  /// Runs lines of `ip -batch`.
  package func ip(_ lines: [String]) throws {
    try Command.run(["ip", "-n", name, "-batch", "-"], input: Self.batch(lines))
  }

  /// Runs lines of `tc -batch`.
  package func tc(_ lines: String...) throws {
    try Command.run(["tc", "-n", name, "-batch", "-"], input: Self.batch(lines))
  }

  /// Loads an nftables rule set.
  package func nft(_ rules: String) throws {
    _ = try inside { try Command.run(["nft", "-f", "-"], input: rules) }
  }

  /// Sets a value below `/proc/sys/net`, its path with slashes: `ipv4/ip_forward`.
  package func set(_ path: String, _ value: Int) throws {
    try inside { try KernelFile.write("\(value)", to: "/proc/sys/net/" + path) }
  }

  /// The text of a file, read inside the namespace: `/proc/thread-self/net/snmp`.
  package func read(_ path: String) throws -> String {
    try inside { try KernelFile.text(of: path) }
  }

  /// Deletes the name; the namespace goes when the last socket in it does.
  func remove() {
    file.close()
    // As ip-netns(8) does; starting it takes longer than all else on an emulated machine.
    let path = "/run/netns/" + name
    unsafe _ = dwlab_unmount(path)
    unsafe _ = unlink(path)
  }

  private static func batch(_ lines: [String]) -> String {
    lines.joined(separator: "\n") + "\n"
  }
}
