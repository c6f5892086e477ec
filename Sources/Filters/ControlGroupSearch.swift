internal import Bytes
internal import DropModel
internal import Glibc
internal import KernelNames

/// Finds the control groups (cgroups(7), version 2) that `--cgroup` and `--container` name.
package struct ControlGroupSearch: Sendable {
  private let root: String

  /// `root` is there for tests; it is where the hierarchy is mounted.
  package init(root: String? = nil) {
    let hybrid = "/sys/fs/cgroup/unified"
    self.root = root ?? (Self.inode(hybrid + "/cgroup.procs") == nil ? "/sys/fs/cgroup" : hybrid)
  }

  /// The inode of a group, given as in /proc/PID/cgroup or with the mount point before it.
  package func inode(ofPath text: String) throws(FilterError) -> UInt64 {
    let isWhole = text == root || text.hasPrefix(root + "/")
    let path = isWhole ? String(text.dropFirst(root.count)) : text
    let parts = path.split(separator: "/").map(String.init)
    guard !parts.contains("..") else {
      throw .invalid("--cgroup", text, "a path of control groups does not go upwards")
    }
    var folder = root
    for (depth, part) in parts.enumerated() {
      let next = "\(folder)/\(part)"
      guard Self.inode(next + "/cgroup.procs") != nil else {
        let above = parts[..<depth].map { "/" + $0 }.joined()
        let near = nearNames(to: part, among: entries(ofFolder: folder, onlyFolders: true)).map {
          "\(above)/\($0)"
        }
        throw .unknown("control group", text, near: near)
      }
      folder = next
    }
    guard let inode = Self.inode(folder) else {
      throw .invalid("--cgroup", text, "\(root) is not there: is cgroup2 mounted?")
    }
    return inode
  }

  /// The inodes of the groups of a container, named by the beginning of its id (at least six
  /// hexadecimal digits) or by its name, as LXC and systemd-nspawn have them.
  package func inodes(ofContainer text: String) throws(FilterError) -> Set<UInt64> {
    var found: [String: Set<UInt64>] = [:]
    var known: Set<String> = []
    search(root, depth: 0) { folder, name in
      guard let id = ControlGroupPath(name).container?.id else { return }
      known.insert(id)
      let isID = text.count >= 6 && Self.isID(id) && id.hasPrefix(text.lowercased())
      if isID || id == text, let inode = Self.inode(folder) {
        found[id, default: []].insert(inode)
      }
    }
    guard let first = found.first else {
      throw .unknown("container", text, near: nearNames(to: text, among: known.sorted()))
    }
    guard found.count == 1 else {
      let ids = found.keys.sorted().map { "'\($0.prefix(16))…'" }
      throw .invalid("--container", text, "several begin so: \(ids.joined(separator: ", "))")
    }
    return first.value
  }

  /// Goes through all groups below a folder, as deep as the kernel's filter looks.
  private func search(_ folder: String, depth: Int, _ body: (String, String) -> Void) {
    guard depth < 32 else { return }
    for name in entries(ofFolder: folder, onlyFolders: true) {
      let path = "\(folder)/\(name)"
      body(path, name)
      search(path, depth: depth + 1, body)
    }
  }

  /// Whether it is what runtimes number containers with, and not a name.
  private static func isID(_ text: String) -> Bool { ControlGroupPath.isIdentifier(text[...]) }

  private static func inode(_ path: String) -> UInt64? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }
}
