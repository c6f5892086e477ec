import Glibc

/// A control group (v2) of a lab, for the BPF programs that filter by group.
package struct ControlGroup {
  /// Where the unified hierarchy is mounted, which older systemd sets beside the v1 ones.
  package static let root =
    unsafe access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0
    ? "/sys/fs/cgroup" : "/sys/fs/cgroup/unified"

  /// The directory, open; `BPF_LINK_CREATE` wants it as a target.
  package let directory: Descriptor
  /// Where that is.
  package let path: String

  /// Makes an empty group that the lab removes at its end.
  package init(in lab: Lab) throws {
    let path = "\(Self.root)/\(Lab.uniqueName())"
    self.path = path
    try checked(unsafe mkdir(path, 0o755), "make the control group \(path)")
    lab.atEnd { _ = unsafe rmdir(path) }
    directory = lab.keep(try Descriptor(unsafe open(path, O_RDONLY | O_CLOEXEC), "open \(path)"))
  }

  /// Runs `body` with the whole process in the group; sockets made there stay with it.
  ///
  /// Other threads must not make sockets meanwhile, so cases that use it cannot run in parallel.
  package func inside<Value>(_ body: () throws -> Value) throws -> Value {
    let line = try KernelFile.text(of: "/proc/self/cgroup").split(separator: "\n")
      .first { $0.hasPrefix("0::") }
    let home = Self.root + (line.map { String($0.dropFirst(3)) } ?? "/")
    try KernelFile.write("\(getpid())", to: path + "/cgroup.procs")
    let outcome = Result(catching: body)
    try KernelFile.write("\(getpid())", to: home + "/cgroup.procs")
    return try outcome.get()
  }
}
