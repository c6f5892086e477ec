import DropLab
import Glibc
import KernelNames
import Testing

@Suite(.serialized, .enabled(if: geteuid() == 0, "making namespaces needs root"))
struct NamespaceNamesTests {
  private func inode(_ path: String) throws -> UInt32 {
    UInt32(truncatingIfNeeded: try KernelFile.inode(of: path))
  }

  @Test func `a namespace is called as ip netns calls it, also when it has gone`() throws {
    var names = NamespaceNames()
    names.refresh()
    let lab = try Lab()
    let namespace = try lab.makeNamespace(.a)
    names.refresh()
    let inode = UInt32(namespace.inode)
    #expect(names.name(of: inode) == namespace.name)
    lab.close()
    names.refresh()
    #expect(names.name(of: inode) == namespace.name)
  }

  @Test func `the namespace of process 1 is init`() throws {
    // A tree like /proc: not every machine lets its root look at process 1.
    let root = try Command.run(["mktemp", "-d"]).dropLast()
    defer { _ = try? Command.run(["rm", "-r", String(root)]) }
    for process in ["1", "812"] {
      try Command.run(["mkdir", "-p", "\(root)/\(process)/ns"])
      try Command.run(["touch", "\(root)/\(process)/ns/net"])
    }
    try Command.run(["cp", "/proc/self/comm", "\(root)/812/comm"])
    var names = NamespaceNames(folders: [], processes: String(root))
    names.refresh()
    let first = try inode("\(root)/1/ns/net")
    let other = try inode("\(root)/812/ns/net")
    #expect(names.name(of: first) == "init")
    #expect(names.name(of: other) == "cp[812]")
  }

  @Test func `a namespace without a name is called after a process in it`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let namespace = try lab.makeNamespace(.a)
    try namespace.inside {
      // A shell that outlives the command that starts it, but not for long.
      _ = try Command.run(["/bin/sh", "-c", "sleep 1 > /dev/null 2>&1 &"])
    }
    var names = NamespaceNames(folders: [])
    names.refresh()
    let found = names.name(of: UInt32(namespace.inode))
    let name = try #require(found)
    #expect(name.hasPrefix("sleep[") || name.hasPrefix("sh["), "\(name)")
  }

  @Test func `a number that nothing knows has no name`() {
    var names = NamespaceNames()
    names.refresh()
    #expect(names.name(of: 1) == nil)
  }
}
