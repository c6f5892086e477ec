import Bytes
import Glibc
import Testing

@testable import Filters

/// Namespaces, control groups, containers and users by what people call them.
struct SearchTests {
  @Test func `a namespace has many names`() throws {
    var status = stat()
    try #require(unsafe stat("/proc/self/ns/net", &status) == 0)
    let inode = UInt32(status.st_ino)
    let search = NamespaceSearch()
    for text in ["pid:\(getpid())", "tests[\(getpid())]", "/proc/self/ns/net", "\(inode)"] {
      #expect(try search.inode(of: text) == inode, "\(text)")
    }
  }

  @Test(arguments: [
    (
      "812",
      "cannot use --netns 812: it is too small for a namespace's inode. For a process say pid:812"
    ),
    ("pid:x", "cannot use --netns pid:x: 'x' is not the number of a process"),
    ("pid:4194305", "cannot use --netns pid:4194305: there is no process 4194305"),
    ("/etc/passwd", "cannot use --netns /etc/passwd: it is not the file of a network namespace"),
    ("inti", "there is no network namespace 'inti' here"),
    ("", "there is no network namespace '' here"),
  ])
  func `a namespace that is not there is told`(text: String, sentence: String) {
    let error = #expect(throws: FilterError.self) { try NamespaceSearch().inode(of: text) }
    #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
  }

  /// A hierarchy of plain folders.
  private struct Hierarchy {
    let root: String

    init(_ groups: [String]) throws {
      var path = Array("/tmp/dropwatch-groups-XXXXXX".utf8CString)
      try #require(unsafe mkdtemp(&path) != nil)
      root = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      for group in groups {
        var folder = root
        for part in group.split(separator: "/") {
          folder += "/\(part)"
          _ = unsafe mkdir(folder, 0o755)
          close(unsafe open(folder + "/cgroup.procs", O_CREAT | O_WRONLY, 0o644))
        }
      }
      close(unsafe open(root + "/cgroup.procs", O_CREAT | O_WRONLY, 0o644))
    }

    func inode(_ group: String) -> UInt64 {
      var status = stat()
      return unsafe stat(root + group, &status) == 0 ? UInt64(status.st_ino) : 0
    }

    func remove() {
      func remove(_ folder: String) {
        for name in entries(ofFolder: folder) {
          if unsafe unlink("\(folder)/\(name)") != 0 { remove("\(folder)/\(name)") }
        }
        _ = unsafe rmdir(folder)
      }
      remove(root)
    }
  }

  private static let (one, other) = (
    String(repeating: "3f2a9c1d", count: 8), String(repeating: "3f2a9cff", count: 8)
  )

  @Test func `a control group is found by its path, with and without the mount point`() throws {
    let tree = try Hierarchy(["system.slice", "system.slice/nginx.service"])
    defer { tree.remove() }
    let search = ControlGroupSearch(root: tree.root)
    let path = "/system.slice/nginx.service"
    for text in [path, "system.slice/nginx.service", tree.root + path, path + "/"] {
      #expect(try search.inode(ofPath: text) == tree.inode(path), "\(text)")
    }
    #expect(try search.inode(ofPath: "/") == tree.inode(""))
    for (text, sentence) in [
      (
        "/system.slice/ngin.service",
        "there is no control group '/system.slice/ngin.service' here. Near it: \(path)"
      ),
      ("/../etc", "cannot use --cgroup /../etc: a path of control groups does not go upwards"),
    ] {
      let error = #expect(throws: FilterError.self) { try search.inode(ofPath: text) }
      #expect(error?.description == sentence)
    }
  }

  @Test func `a container is found as its runtime names its group`() throws {
    let pod = "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod3_4.slice"
    let groups = [
      "system.slice/docker-\(Self.one).scope", "\(pod)/cri-containerd-\(Self.other).scope",
      "lxc.payload.web", "machine.slice/machine-build\\x2dhost.scope",
      "machine.slice/systemd-nspawn@db.service", "docker/\(String(Self.one.reversed()))",
    ]
    let tree = try Hierarchy(groups)
    defer { tree.remove() }
    let search = ControlGroupSearch(root: tree.root)
    for (text, group) in [
      (Self.one, 0), ("3f2a9c1", 0), ("3F2A9CFF", 1), ("web", 2), ("build-host", 3), ("db", 4),
      (String(Self.one.reversed().prefix(12)), 5),
    ] {
      #expect(
        try search.inodes(ofContainer: text) == [tree.inode("/" + groups[group])], "\(text)")
    }
    for (text, sentence) in [
      ("3f2a9c", "cannot use --container 3f2a9c: several begin so"),
      ("3f2a9", "there is no container '3f2a9' here"), ("wed", "there is no container 'wed' here"),
    ] {
      let error = #expect(throws: FilterError.self) { try search.inodes(ofContainer: text) }
      #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
    }
  }

  @Test func `a user is found by number or by name`() throws {
    #expect(try UserSearch().number(of: "1000") == 1000)
    #expect(try UserSearch().number(of: "root") == 0)
    let error = #expect(throws: FilterError.self) { try UserSearch().number(of: "roott") }
    #expect(
      error?.description.hasPrefix("there is no user 'roott' in /etc/passwd. Near it: root")
        == true)
  }
}
