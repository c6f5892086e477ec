internal import Bytes
package import DropModel
internal import Glibc
package import Netlink

/// Compares the settings of one network namespace, /proc/sys/net, from look to look: sysctl(8).
///
/// The kernel tells nobody of a change, so one lies between two looks. A namespace has a thousand values,
/// a look at which takes some ten milliseconds: most are looked at only in the beginning and at the end.
package final class SysctlMonitor {
  private let file: String?
  private let folder: String
  /// By path below the folder, as they stand there.
  private var values: [String: String]
  /// Those that are looked at often.
  private let often: [String]
  private let begin: MonotonicTime
  /// When the last look at those began.
  private var lastLook: MonotonicTime

  /// How many are looked at; a device brings some ninety.
  private static let limit = 20_000

  /// What is no setting but counts or follows by itself, and what is nobody's business.
  private static let excluded: Set<String> = [
    "nf_conntrack_count", "mtu", "flush", "tcp_fastopen_key", "stable_secret",
  ]

  /// Takes a first look, in the namespace of this file; nil is this thread's.
  ///
  /// `often` are the last words of the names that are looked at more often, `isOf` chooses those that are
  /// looked at at all, `folder` is there for tests.
  package init(
    namespace file: String?, often: Set<String>, folder: String = "/proc/sys/net",
    where isOf: (_ name: String) -> Bool = { _ in true }
  ) throws(NetlinkError) {
    self.file = file
    self.folder = folder
    begin = .now
    lastLook = begin
    values = try Self.inside(file) { () throws(NetlinkError) in
      Dictionary(
        Self.paths(in: folder).filter { isOf(Self.name($0)) }
          .compactMap { path in Self.value(folder + path).map { (path, $0) } },
        uniquingKeysWith: { $1 })
    }
    self.often = values.keys.filter { path in
      path.split(separator: "/").last.map { often.contains(String($0)) } ?? false
    }
  }

  /// The names of what a namespace can set for itself, as sysctl(8) writes them, given its file; nil is
  /// this thread's.
  ///
  /// What is the machine's is not there in other namespaces, or cannot be written (0444).
  package static func ownNames(in file: String?) throws(NetlinkError) -> Set<String> {
    let folder = "/proc/sys/net"
    let settable = try inside(file) { () throws(NetlinkError) -> [String] in
      paths(in: folder).filter { path in
        var status = stat()
        return unsafe stat(folder + path, &status) == 0 && status.st_mode & S_IWUSR != 0
      }
    }
    return Set(settable.map(name))
  }

  /// What is another than at the last look, of what is looked at often; `isLast` looks at everything.
  package func look(isLast: Bool = false) throws(NetlinkError) -> [StateChange] {
    let now = MonotonicTime.now
    var changes = try compare(often, since: lastLook)
    if isLast { changes += try compare(Array(values.keys), since: begin) }
    lastLook = now
    return changes
  }

  private func compare(
    _ paths: [String], since: MonotonicTime
  ) throws(NetlinkError) -> [StateChange] {
    let old = values
    // Those that have gone keep what they were: their device has gone, which is told.
    let changed = try Self.inside(file) { () throws(NetlinkError) in
      paths.filter { path in
        guard let value = Self.value(folder + path), value != old[path] else { return false }
        values[path] = value
        return true
      }
    }
    let time = MonotonicTime.now
    return Self.grouped(changed.sorted(), from: old, to: values).map {
      StateChange(.sysctl, $0, since: since, time: time)
    }
  }

  /// Sentences; what changed alike on several devices, as one: net.ipv4.ip_forward does that.
  static func grouped(
    _ paths: [String], from old: [String: String], to new: [String: String]
  ) -> [String] {
    struct Pattern: Hashable {
      var template: String
      var old: String
      var new: String
    }
    var groups: [Pattern: [String]] = [:]
    var order: [Pattern] = []
    for path in paths {
      var words = path.split(separator: "/")
      if words.count == 4, words[1] == "conf" || words[1] == "neigh" { words[2] = "*" }
      let pattern = Pattern(
        template: words.joined(separator: "/"), old: old[path] ?? "", new: new[path] ?? "")
      if groups[pattern] == nil { order.append(pattern) }
      groups[pattern, default: []].append(path)
    }
    return order.compactMap { pattern in
      guard let paths = groups[pattern], let first = paths.first else { return nil }
      let others = paths.count == 1 ? "" : " (and \(paths.count - 1) more like it)"
      return "sysctl \(name(first))\(others): \(short(pattern.old)) → \(short(pattern.new))"
    }
  }

  /// A value with its words one space apart, as far as it is of use.
  private static func short(_ value: String) -> String {
    let words = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count > 60 ? words.prefix(60) + "…" : words.isEmpty ? "nothing" : words
  }

  /// "/ipv4/conf/eth0/rp_filter" is net.ipv4.conf.eth0.rp_filter.
  private static func name(_ path: String) -> String {
    "net" + path.replacing("/", with: ".")
  }

  private static func inside<Value>(
    _ file: String?, _ body: () throws(NetlinkError) -> Value
  ) throws(NetlinkError) -> Value {
    try inNamespace(
      file, { NetlinkError.system(operation: "read its sysctls", code: $0) }, body)
  }

  /// Paths below the folder, with "/" in front; folders that lie four deep are the deepest there are.
  private static func paths(in folder: String) -> [String] {
    var paths: [String] = []
    var waiting = [""]
    while let path = waiting.popLast(), paths.count < limit {
      let folders = Set(entries(ofFolder: folder + path, onlyFolders: true))
      for name in entries(ofFolder: folder + path) where !excluded.contains(name) {
        if folders.contains(name) {
          waiting.append("\(path)/\(name)")
        } else {
          paths.append("\(path)/\(name)")
        }
      }
    }
    return Array(paths.prefix(limit))
  }

  /// A value as it stands there; nil if it cannot be read.
  private static func value(_ path: String) -> String? {
    (try? [UInt8](contentsOfFile: path)).map { $0.span.text }
  }
}
