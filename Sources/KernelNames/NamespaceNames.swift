internal import Bytes
internal import Glibc

/// The names of network namespaces, by inode.
///
/// A namespace is called as in /run/netns (ip-netns(8)) or /run/docker/netns, "init" if process 1
/// lives in it, else after a process that does: "nginx[812]". Inodes are used again after a
/// namespace is gone, so `refresh()` looks again before each report; looking at folders that did
/// not change costs one stat(2) each.
package struct NamespaceNames {
  private let folders: [String]
  private let processes: String
  private var stamps: [String: FileStamp] = [:]
  private var named: [UInt32: String] = [:]
  /// Names that were true once, for namespaces that are gone.
  private var remembered: [UInt32: String] = [:]
  private var byProcess: [UInt32: ProcessName] = [:]
  private var searched: Set<UInt32> = []

  /// `folders` and `processes` are there for tests.
  package init(
    folders: [String] = ["/run/netns", "/run/docker/netns"], processes: String = "/proc"
  ) {
    self.folders = folders
    self.processes = processes
  }

  /// Makes sure that names given from now on are of the present.
  package mutating func refresh() {
    readChangedFolders()
    remembered.merge(byProcess.mapValues(\.name)) { $1 }
    byProcess = byProcess.filter { inode, process in
      Self.inode(ofNamespaceOf: process.path) == inode
    }
    searched = Set(byProcess.keys)
  }

  /// The name of a namespace; nil if nothing is called after it and no process lives in it, nor did
  /// when it was last asked for.
  ///
  /// The first question about an unknown inode after a refresh reads /proc once.
  package mutating func name(of inode: UInt32) -> String? {
    if let name = named[inode] { return name }
    // It may have been made and named since.
    if byProcess[inode] == nil { readChangedFolders() }
    if let name = named[inode] { return name }
    if !searched.contains(inode) { searchProcesses(for: inode) }
    return byProcess[inode]?.name ?? remembered[inode]
  }

  /// Every namespace that has a name or a process that may be looked at; reads /proc once.
  package mutating func all() -> [UInt32] {
    readChangedFolders()
    searchProcesses(for: 0)
    return Set(named.keys).union(byProcess.keys).sorted()
  }

  /// Where a namespace can be entered by setns(2): its file in a folder of names, or that of a
  /// process in it; nil if neither is there.
  package mutating func path(of inode: UInt32) -> String? {
    guard name(of: inode) != nil else { return nil }
    if let name = named[inode],
      let path = folders.lazy.map({ "\($0)/\(name)" }).first(where: {
        Self.inode(at: $0) == inode
      })
    {
      return path
    }
    return byProcess[inode].map { "\($0.path)/ns/net" }
  }

  /// A process that lives in a namespace.
  private struct ProcessName {
    let path: String
    let name: String
  }

  private mutating func readChangedFolders() {
    let current = Dictionary(uniqueKeysWithValues: folders.map { ($0, FileStamp(path: $0)) })
    guard current != stamps else { return }
    stamps = current
    remembered.merge(named) { $1 }
    named = [:]
    for folder in folders.reversed() where !readFolder(folder) { stamps[folder] = nil }
  }

  /// Says whether every entry is a namespace by now: ip-netns(8) makes a plain file first and
  /// mounts the namespace over it a moment later.
  private mutating func readFolder(_ folder: String) -> Bool {
    var isComplete = true
    for name in entries(ofFolder: folder) {
      var status = stat()
      guard unsafe stat("\(folder)/\(name)", &status) == 0 else { continue }
      let inode = UInt32(truncatingIfNeeded: status.st_ino)
      // Inodes of namespaces begin there: include/linux/proc_ns.h.
      if inode >= 0xEFFF_FFF0 { named[inode] = name } else { isComplete = false }
    }
    return isComplete
  }

  private mutating func searchProcesses(for wanted: UInt32) {
    searched.insert(wanted)
    for process in ProcessFolder.all(in: processes) {
      guard let inode = Self.inode(ofNamespaceOf: process.path), byProcess[inode] == nil
      else { continue }
      let name =
        process.isOfKernel ? "init" : "\(process.command ?? "?")[\(process.number)]"
      byProcess[inode] = ProcessName(path: process.path, name: name)
      searched.insert(inode)
    }
  }

  /// The inode behind PATH/ns/net, nil if the process is gone or not ours to look at.
  private static func inode(ofNamespaceOf path: String) -> UInt32? { inode(at: "\(path)/ns/net") }

  private static func inode(at path: String) -> UInt32? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return UInt32(truncatingIfNeeded: status.st_ino)
  }
}

/// What tells whether a folder's entries have changed.
private struct FileStamp: Equatable {
  private let seconds: Int
  private let nanoseconds: Int
  private let inode: UInt

  init(path: String) {
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    seconds = exists ? status.st_mtim.tv_sec : 0
    nanoseconds = exists ? status.st_mtim.tv_nsec : 0
    inode = exists ? status.st_ino : 0
  }
}
