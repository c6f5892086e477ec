internal import Bytes
internal import DropModel
internal import Filters
internal import Glibc
internal import HostCounters
internal import KernelNames
internal import Netlink

/// The namespaces that are watched: those asked for, else this process's own and all with a name.
struct CounterTargets {
  /// Entering and reading one takes about a millisecond.
  static let limit = 64

  /// Those that are there, the machine first.
  private(set) var present: [CounterTarget] = []
  /// Those that are gone; what they counted remains.
  private(set) var past: [CounterTarget] = []
  /// What the user should know, until it is taken.
  private var notes: [String] = []
  private var told: Set<String> = []
  private let followsNames: Bool
  private let folder = "/run/netns"
  private var names = NamespaceNames()

  /// Takes the first snapshot of each; throws if one that was asked for cannot be read.
  init(_ wanted: [String]) throws {
    followsNames = wanted.isEmpty
    present.append(try CounterTarget(nil, file: nil))
    guard let own = Self.inode("/proc/self/ns/net") else {
      throw Failure(description: "cannot find out the own network namespace: /proc is missing")
    }
    names.refresh()
    if followsNames {
      // Where process 1 may not be looked at, nothing but this program may be known to live here.
      let name = names.name(of: own)
      let label = name?.hasSuffix("[\(getpid())]") == true ? nil : name
      present.append(try CounterTarget(NetworkNamespace(inode: own, name: label), file: nil))
      follow()
    } else {
      for text in wanted { try add(text, own) }
    }
  }

  /// Why a namespace that was asked for cannot be watched.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// All, also those that are gone.
  var all: [CounterTarget] { present + past }

  /// Whether there is a namespace left to watch.
  var isEmpty: Bool { !present.contains { $0.namespace != nil } }

  /// Reads all of them again, and finds those that are new.
  mutating func advance() {
    for target in past { target.rest() }
    for target in present {
      do {
        try target.advance()
        note(target.vanished, of: target)
      } catch {
        past.append(target)
        present.removeAll { $0 === target }
        let isGone = error is CounterTarget.Ending || (error as? NetlinkError)?.code == ENOENT
        notes.append(
          isGone
            ? "\(label(target)) is gone; its totals remain"
            : "\(label(target)) is not watched any more: \(error). Its totals remain")
      }
    }
    if followsNames { follow() }
    for target in present {
      for problem in target.problems where told.insert("\(label(target)): \(problem)").inserted {
        notes.append("\(label(target)): \(problem)")
      }
    }
  }

  /// Hands over what the user should know.
  mutating func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }

  private func label(_ target: CounterTarget) -> String {
    target.namespace.map { "network namespace \($0.label)" } ?? "host"
  }

  private mutating func note(_ vanished: Set<CounterOwner>, of target: CounterTarget) {
    guard !vanished.isEmpty else { return }
    let names = vanished.map(\.text).sorted()
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    notes.append(
      "\(label(target)): \(names.prefix(3).joined(separator: ", "))\(more) "
        + "went away; what was counted since the last report is not known")
  }

  private mutating func add(_ text: String, _ own: UInt32) throws {
    let inode = try NamespaceSearch().inode(of: text)
    guard !present.contains(where: { $0.namespace?.inode == inode }) else { return }
    let label = names.name(of: inode)
    let file = inode == own ? nil : text.contains("/") ? text : names.path(of: inode)
    guard inode == own || file != nil else {
      throw Failure(
        description: "cannot enter network namespace \(text): no name and no process leads there. "
          + "Give it a name with ip netns attach")
    }
    present.append(try CounterTarget(NetworkNamespace(inode: inode, name: label), file: file))
  }

  /// Adds what has a name by now.
  private mutating func follow() {
    var count = 0
    for name in entries(ofFolder: folder).sorted() {
      // ip-netns(8) makes a plain file first, and mounts the namespace over it a moment later.
      let file = "\(folder)/\(name)"
      guard let inode = Self.inode(file), inode >= 0xEFFF_FFF0,
        !present.contains(where: { $0.namespace?.inode == inode })
      else { continue }
      guard present.count <= Self.limit else {
        count += 1
        continue
      }
      do {
        present.append(try CounterTarget(NetworkNamespace(inode: inode, name: name), file: file))
      } catch let error as NetlinkError where error.code == EPERM {
        tell("network namespaces with a name are not watched without CAP_SYS_ADMIN: run as root")
      } catch {
        tell("network namespace \(name) is not watched: \(error)")
      }
    }
    if count > 0 {
      tell(
        "only \(Self.limit) network namespaces are watched; say --netns to choose among the others")
    }
  }

  private mutating func tell(_ note: String) {
    if told.insert(note).inserted { notes.append(note) }
  }

  private static func inode(_ path: String) -> UInt32? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return UInt32(truncatingIfNeeded: status.st_ino)
  }
}
