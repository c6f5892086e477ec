internal import Bytes
internal import Glibc
internal import KernelNames

/// Finds the network namespace that `--netns` names.
package struct NamespaceSearch: Sendable {
  private let folders: [String]
  private let processes: String

  /// `folders` and `processes` are there for tests.
  package init(
    folders: [String] = ["/run/netns", "/run/docker/netns"], processes: String = "/proc"
  ) {
    self.folders = folders
    self.processes = processes
  }

  /// The inode of a namespace: "init", "pid:812" or "nginx[812]" as tables show it, a path, a name
  /// as `ip netns` knows it, else a number, which is an inode.
  package func inode(of text: String) throws(FilterError) -> UInt32 {
    if text == "init" {
      // Not everybody may look at process 1, and the kernel's threads live where it does.
      if let inode = Self.inode("\(processes)/1/ns/net") { return inode }
      return try inode(ofProcess: ProcessFolder(2, in: processes).isOfKernel ? "2" : "1", text)
    }
    if text.hasPrefix("pid:") { return try inode(ofProcess: String(text.dropFirst(4)), text) }
    if text.contains("/") {
      guard let inode = Self.inode(text) else {
        throw .invalid("--netns", text, "it is not the file of a network namespace")
      }
      return inode
    }
    for folder in folders {
      if !text.isEmpty, let inode = Self.inode("\(folder)/\(text)") { return inode }
    }
    if text.hasSuffix("]"), let start = text.lastIndex(of: "[") {
      return try inode(ofProcess: String(text[text.index(after: start)...].dropLast()), text)
    }
    if let number = UInt32(text) {
      guard number >= Self.firstInode else {
        throw .invalid(
          "--netns", text, "it is too small for a namespace's inode. For a process say pid:\(text)")
      }
      return number
    }
    let known = folders.flatMap { entries(ofFolder: $0) } + ["init"]
    throw .unknown("network namespace", text, near: nearNames(to: text, among: known))
  }

  private func inode(ofProcess number: String, _ text: String) throws(FilterError) -> UInt32 {
    guard let process = UInt32(number) else {
      throw .invalid("--netns", text, "'\(number)' is not the number of a process")
    }
    guard let inode = Self.inode("\(processes)/\(process)/ns/net") else {
      throw .invalid(
        "--netns", text, "there is no process \(process), or it is not ours to look at")
    }
    return inode
  }

  /// Namespace inodes begin there: include/linux/proc_ns.h.
  private static let firstInode: UInt32 = 0xEFFF_FFF0

  private static func inode(_ path: String) -> UInt32? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    guard let inode = UInt32(exactly: status.st_ino), inode >= firstInode else { return nil }
    return inode
  }
}
