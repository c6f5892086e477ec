internal import Bytes
internal import KernelNames

/// Which processes listen to the kernel's drop monitor, from /proc/net/netlink and /proc/*/fd.
///
/// The kernel does not say who started the monitor; whoever did usually listens. Columns are those
/// of netlink_native_seq_show in net/netlink/af_netlink.c.
struct Listeners {
  /// Reads a file, given its absolute path.
  typealias FileReader = (String) -> [UInt8]?

  /// The inodes of sockets that have joined the group.
  let inodes: Set<UInt64>

  /// `group` is the number of a multicast group up to 32; `table` the text of /proc/net/netlink.
  init(group: UInt32, table: String, except own: UInt32) {
    var inodes: Set<UInt64> = []
    for line in table.split(separator: "\n").dropFirst() {
      let columns = line.split(separator: " ")
      guard columns.count >= 10, columns[1] == "16", let port = UInt32(columns[2]),
        let groups = UInt32(columns[3], radix: 16), let inode = UInt64(columns[9])
      else { continue }
      if port != own, (1...32).contains(group), groups >> (group - 1) & 1 == 1 {
        inodes.insert(inode)
      }
    }
    self.inodes = inodes
  }

  /// Those of this machine.
  static func current(group: UInt32, except own: UInt32) -> Listeners {
    let table = (try? [UInt8](contentsOfFile: "/proc/net/netlink")) ?? []
    return Listeners(
      group: group, table: String(decoding: table, as: UTF8.self), except: own)
  }

  /// The processes, as `dropwatch[812]`, by number.
  func processes(in folder: String = "/proc") -> [String] {
    guard !inodes.isEmpty else { return [] }
    return ProcessFolder.all(in: folder).compactMap { process in
      guard process.sockets.contains(where: inodes.contains) else { return nil }
      return "\(process.command ?? "?")[\(process.number)]"
    }
  }

  /// What to say about a monitor that is on already.
  func sentence() -> String {
    let processes = processes()
    let who =
      if !processes.isEmpty {
        "\(processes.joined(separator: ", ")) listen\(processes.count == 1 ? "s" : "") to it"
      } else if inodes.isEmpty {
        "nobody listens to it: a process that was killed has left it on"
      } else {
        "a process that cannot be seen from here listens to it"
      }
    return "the kernel's drop monitor is on already, and \(who). "
      + "--take-over stops it first, --passive listens along without touching it"
  }
}
