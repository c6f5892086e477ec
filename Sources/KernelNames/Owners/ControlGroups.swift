internal import Bytes
internal import Glibc

/// The paths of control groups (cgroups(7), version 2) by the number that the kernel has for each:
/// the inode of its folder.
///
/// The folders are walked through at the first question about an unknown group after a refresh: some
/// 5 µs each. Groups that are gone keep the name they had.
struct ControlGroups {
  /// Where the hierarchy is mounted; beside those of version 1, systemd puts it into "unified".
  let root: String
  private var paths: [UInt64: String] = [:]
  private var isCurrent = false

  init(roots: [String] = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"]) {
    root =
      roots.first { unsafe access("\($0)/cgroup.controllers", F_OK) == 0 } ?? roots.first ?? "/"
  }

  /// Makes sure that groups which are unknown are looked for again.
  mutating func refresh() { isCurrent = false }

  /// The path below the root, "/" for the root itself; nil if there is no such group.
  mutating func path(of inode: UInt64) -> String? {
    if let known = paths[inode] { return known }
    guard inode != 0, !isCurrent else { return nil }
    isCurrent = true
    walk()
    return paths[inode]
  }

  private mutating func walk() {
    var waiting = [""]
    while let path = waiting.popLast() {
      var status = stat()
      guard unsafe lstat(root + path, &status) == 0 else { continue }
      paths[UInt64(status.st_ino)] = path.isEmpty ? "/" : path
      for name in entries(ofFolder: root + path, onlyFolders: true) {
        waiting.append("\(path)/\(name)")
      }
    }
  }
}
