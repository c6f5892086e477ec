internal import Bytes

/// Which process holds a socket, by the inode of its file.
///
/// /proc has no way from a socket to its holder: the files of processes are looked through, those of
/// the socket's own control group first. That can take long on a machine with many, while packets
/// wait, so each refresh allows for only so much of it; what was not found is looked for again.
struct SocketHolders {
  /// How many sockets are remembered, unless one look finds more.
  private static let limit = 65_536

  private let processes: String
  private let patience: Duration
  private var holders: [UInt64: ProcessFolder] = [:]
  private var commands: [Int32: String] = [:]
  private var looked: Set<Int32> = []
  /// Whether the last search came to its end.
  private var hasLookedAtAll = true
  private var spent = Duration.zero

  /// `patience` is the time for looking between two refreshes.
  init(processes: String = "/proc", patience: Duration = .milliseconds(20)) {
    self.processes = processes
    self.patience = patience
  }

  /// Allows for looking again.
  mutating func refresh() {
    // Where time was too short the next look goes on from there: else it would never get far.
    if hasLookedAtAll { looked.removeAll(keepingCapacity: true) }
    spent = .zero
    if holders.count > Self.limit {
      holders = [:]
      commands = [:]
    }
  }

  /// The process that holds a socket and what it is called; nil if none was found in time.
  ///
  /// `group` is the folder of the socket's control group; nil if it is not known.
  mutating func holder(of inode: UInt64, in group: String?) -> (number: Int32, command: String?)? {
    guard inode != 0 else { return nil }
    if holders[inode] == nil, spent < patience {
      let clock = ContinuousClock()
      let start = clock.now
      search(for: inode, in: group, until: start + (patience - spent))
      spent += clock.now - start
    }
    return holders[inode].map { ($0.number, commands[$0.number]) }
  }

  private mutating func search(
    for inode: UInt64, in group: String?, until deadline: ContinuousClock.Instant
  ) {
    let members = group.map { Self.members(of: $0) } ?? []
    for number in members where !looked.contains(number) {
      look(at: ProcessFolder(number, in: processes))
      guard holders[inode] == nil, ContinuousClock.now < deadline else { return }
    }
    guard holders[inode] == nil else { return }
    hasLookedAtAll = false
    // A socket may have been handed to somebody in another group, or made there.
    for process in ProcessFolder.all(in: processes) where !looked.contains(process.number) {
      // At least one each time, however long it took to list them.
      look(at: process)
      guard holders[inode] == nil, ContinuousClock.now < deadline else { return }
    }
    hasLookedAtAll = true
  }

  private mutating func look(at process: ProcessFolder) {
    looked.insert(process.number)
    let sockets = process.sockets
    guard !sockets.isEmpty else { return }
    commands[process.number] = process.command
    // Inodes are used again: the newest finding counts.
    for inode in sockets { holders[inode] = process }
  }

  /// The processes of a control group, by number: `cgroup.procs`.
  private static func members(of group: String) -> [Int32] {
    let text = (try? [UInt8](contentsOfFile: "\(group)/cgroup.procs")) ?? []
    return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Int32($0) }
  }
}
