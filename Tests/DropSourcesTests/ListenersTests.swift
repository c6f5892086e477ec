import Foundation
import Testing

@testable import DropSources

/// Who listens to the drop monitor, from /proc.
struct ListenersTests {
  private static let header =
    "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"

  /// Lines of /proc/net/netlink with these columns.
  private static func table(
    _ sockets: (network: Int, port: UInt32, groups: String, inode: String)...
  ) -> String {
    sockets.reduce(into: header) { table, socket in
      table += "0000000000000000 \(socket.network)  \(socket.port)          \(socket.groups) "
      table += "0        0        0     2        0        \(socket.inode)\n"
    }
  }

  private static func inodes(_ group: UInt32, _ table: String) -> Set<UInt64> {
    Listeners(group: group, table: table, except: 1).inodes
  }

  @Test func `sockets of generic netlink that have joined the group listen`() {
    let table = Self.table(
      (16, 812, "00000001", "8124"), (16, 813, "00000003", "8125"), (16, 814, "00000002", "8126"),
      (0, 815, "00000001", "8127"), (16, 4_294_962_814, "80000001", "8128"))
    #expect(Self.inodes(1, table) == [8124, 8125, 8128])
    #expect(Self.inodes(2, table) == [8125, 8126])
    #expect(Self.inodes(32, table) == [8128])
  }

  @Test func `the own socket is none`() {
    #expect(Self.inodes(1, Self.table((16, 1, "00000001", "8124"))).isEmpty)
  }

  @Test(arguments: [0, 33, 64, .max] as [UInt32])
  func `a group that the table cannot show has no listeners`(group: UInt32) {
    #expect(Self.inodes(group, Self.table((16, 812, "ffffffff", "8124"))).isEmpty)
  }

  @Test(arguments: [
    ("nothing", ""), ("a header alone", header), ("no header", "x"),
    ("too few columns", header + "0 16 812 00000001 0 0 0 2 0\n"),
    ("groups that are no number", table((16, 812, "0000000g", "8124"))),
    ("more groups than there are", table((16, 812, "100000001", "8124"))),
    ("an inode that is no number", table((16, 812, "00000001", "-1"))),
    ("an inode beyond 64 bits", table((16, 812, "00000001", "18446744073709551616"))),
  ])
  func `a table that cannot be read has no listeners`(what: String, table: String) {
    #expect(Self.inodes(1, table).isEmpty, "\(what)")
  }

  @Test func `every prefix of a table has no listener that the table has not`() {
    let table = Self.table((16, 812, "00000001", "8124"))
    for length in 0..<table.count - 5 {
      #expect(Self.inodes(1, String(table.prefix(length))).isEmpty, "\(length) characters")
    }
  }

  @Test func `processes are found by their descriptors, in the order of their numbers`() throws {
    let folder = try Self.folder([
      (90, "dwdump", ["socket:[8124]"]), (812, "dropwatch", ["pipe:[8124]", "socket:[8125]"]),
      (813, "bash", ["socket:[9]", "/dev/null"]), (814, "empty", []),
    ])
    defer { try? FileManager.default.removeItem(at: folder) }
    let listeners = Listeners(
      group: 1, table: Self.table((16, 5, "00000001", "8124"), (16, 6, "00000001", "8125")),
      except: 1)
    #expect(listeners.processes(in: folder.path) == ["dwdump[90]", "dropwatch[812]"])
    #expect(listeners.processes(in: folder.path + "/nowhere").isEmpty)
  }

  @Test func `a monitor that nobody listens to was left on by a killed process`() {
    #expect(
      Listeners(group: 1, table: "", except: 1).sentence() == """
        the kernel's drop monitor is on already, and nobody listens to it: a process that was \
        killed has left it on. --take-over stops it first, --passive listens along without \
        touching it
        """)
  }

  @Test func `a listener that cannot be seen is told as such`() {
    let table = Self.table((16, 812, "00000001", "18446744073709551615"))
    let sentence = Listeners(group: 1, table: table, except: 1).sentence()
    #expect(sentence.contains("and a process that cannot be seen from here listens to it. "))
  }

  @Test func `this process is seen where it listens`() throws {
    var ends: [Int32] = [0, 0]
    try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { for end in ends { close(end) } }
    var status = stat()
    try #require(unsafe fstat(ends[0], &status) == 0)
    let table = Self.table((16, 812, "00000001", "\(status.st_ino)"))
    let listeners = Listeners(group: 1, table: table, except: 1)
    #expect(listeners.processes().count == 1)
    #expect(listeners.processes().first?.hasSuffix("[\(getpid())]") == true)
    #expect(listeners.sentence().contains("[\(getpid())] listens to it. "))
  }

  /// Makes a folder like /proc with these processes: number, name, where descriptors lead.
  private static func folder(_ processes: [(Int, String, [String])]) throws -> URL {
    let files = FileManager.default
    let folder = files.temporaryDirectory.appending(path: "dropwatch-proc-\(getpid())")
    for (number, name, targets) in processes {
      let process = folder.appending(path: "\(number)")
      let descriptors = process.appending(path: "fd")
      try files.createDirectory(at: descriptors, withIntermediateDirectories: true)
      try Data("\(name)\n".utf8).write(to: process.appending(path: "comm"))
      for (number, target) in targets.enumerated() {
        try files.createSymbolicLink(
          atPath: descriptors.appending(path: "\(number)").path, withDestinationPath: target)
      }
    }
    try files.createDirectory(
      at: folder.appending(path: "self"), withIntermediateDirectories: true)
    return folder
  }
}
