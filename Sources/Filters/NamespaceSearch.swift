internal import Glibc

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
    if text == "init" { return try inode(ofProcess: "1", text) }
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
    let known = folders.flatMap { entries(of: $0) } + ["init"]
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

/// The names in a folder, without those that begin with a dot, perhaps only those of folders; none if
/// it cannot be read.
func entries(of folder: String, onlyFolders: Bool = false) -> [String] {
  guard let directory = unsafe opendir(folder) else { return [] }
  defer { unsafe closedir(directory) }
  var names: [String] = []
  while let entry = unsafe readdir(directory) {
    if onlyFolders, unsafe entry.pointee.d_type != UInt8(DT_DIR) { continue }
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted()
}
