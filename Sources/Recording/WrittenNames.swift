internal import Bytes
internal import DropModel
internal import Export
internal import FoundationEssentials
internal import GRDB

/// Which numbers a recording's file has names for already, and how it numbers keys, owners and stacks.
///
/// A name that nobody knew is asked for again when its key is counted the next time. What a run
/// sees no end of (sockets, stacks) is forgotten when there is too much, and then written once more.
struct WrittenNames {
  /// How many owners, stacks and listeners are remembered, each.
  private static let limit = 1 << 16

  private var keys: [DropKey: UInt32] = [:]
  private var nameless: Set<DropKey> = []
  private var owners: [Socket: UInt32] = [:]
  private var ownerCount: UInt32 = 0
  private var stacks: [UInt64: (number: UInt32, frames: [UInt8])] = [:]
  private var stackCount: UInt32 = 0
  private var sites: Set<UInt64> = []
  private var listeners: Set<ListenerQuestion> = []

  /// What tells sockets apart.
  private struct Socket: Hashable {
    let uid: UInt32
    let cgroup: UInt64
    let inode: UInt64
  }

  /// The number of a key, from 1 on; writes what is new.
  mutating func number(
    of key: DropKey, naming names: any DropNames, _ database: Database
  ) throws -> UInt32 {
    if let known = keys[key] { return known }
    let number = UInt32(keys.count + 1)
    keys[key] = number
    let drop = names.drop(for: key)
    let statement = try database.cachedStatement(
      sql: "INSERT INTO keys VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    try statement.execute(arguments: [
      Int64(number), stored(key.site), Int64(key.reason), Int64(key.namespace),
      Int64(key.interfaceIndex), Int64(key.ethertype), Int64(key.transport), Int64(key.family),
      Int64(key.qdisc), drop.networkProtocol, drop.transport,
    ])
    if try !write(key, naming: names, database) { nameless.insert(key) }
    return number
  }

  /// Asks once more for names of a key that nobody knew.
  mutating func completeNames(
    of key: DropKey, naming names: any DropNames, _ database: Database
  ) throws {
    if nameless.contains(key), try write(key, naming: names, database) { nameless.remove(key) }
  }

  /// Writes the names of what a key consists of; says whether all of them are known.
  private mutating func write(
    _ key: DropKey, naming names: any DropNames, _ database: Database
  ) throws -> Bool {
    let drop = names.drop(for: key)
    var isComplete = true
    if let reason = drop.reason {
      try database.put(
        "reasons", [Int64(key.reason), reason.subsystem, reason.name, reason.group])
    }
    if let site = drop.site, site.trap == nil {
      try write(site, database)
      isComplete = site.symbol != nil
    }
    if let namespace = drop.namespace {
      try database.put("namespaces", [Int64(namespace.inode), namespace.name])
      if namespace.name == nil { isComplete = false }
    }
    if let device = drop.device {
      try database.put("devices", [Int64(key.namespace), Int64(device.index), device.name])
      if device.name == nil { isComplete = false }
    }
    if let qdisc = drop.qdisc {
      try database.put(
        "qdiscs", [Int64(key.qdisc), qdisc.kind, Int64(qdisc.handle), Int64(qdisc.parent)])
    }
    return isComplete
  }

  /// The number of a socket's owner; 0 if there is none.
  mutating func number(
    of socket: SocketOwner?, naming names: any DropNames, _ database: Database
  ) throws -> UInt32 {
    guard let socket else { return 0 }
    let index = Socket(uid: socket.uid, cgroup: socket.cgroup, inode: socket.inode)
    if let known = owners[index] { return known }
    if owners.count >= Self.limit { owners.removeAll(keepingCapacity: true) }
    ownerCount += 1
    owners[index] = ownerCount
    let owner = names.owner(of: socket)
    try database.put(
      "owners",
      [
        Int64(ownerCount), Int64(socket.uid), stored(socket.cgroup), stored(socket.inode),
        owner.user, owner.cgroup, owner.unit, owner.container?.id, owner.container?.runtime,
        owner.pid.map { Int64($0) }, owner.command,
      ])
    return ownerCount
  }

  /// Writes who listens where a packet without a socket was going to, the first time.
  mutating func writeListener(
    _ question: ListenerQuestion, naming names: any DropNames, _ database: Database
  ) throws {
    if listeners.contains(question) { return }
    if listeners.count >= Self.limit { listeners.removeAll(keepingCapacity: true) }
    listeners.insert(question)
    guard let owner = names.listener(question) else { return }
    try database.put(
      "listeners",
      [
        Int64(question.namespace), Int64(question.transport), Int64(question.port),
        stored(question.address.high), stored(question.address.low), question.address.isIPv6,
        Int64(owner.uid), owner.user, owner.cgroup, owner.unit, owner.container?.id,
        owner.container?.runtime, owner.pid.map { Int64($0) }, owner.command,
      ])
  }

  /// The number of a stack in the machine's byte order; 0 if it is empty.
  mutating func number(
    ofStack frames: RawSpan, naming names: any DropNames, _ database: Database
  ) throws -> UInt32 {
    guard !frames.isEmpty else { return 0 }
    let digest = frames.fnv1a
    if let known = stacks[digest], frames.equals(known.frames.span.raw) { return known.number }
    if stacks.count >= Self.limit { stacks.removeAll(keepingCapacity: true) }
    stackCount += 1
    stacks[digest] = (stackCount, [UInt8](frames))
    var littleEndian: [UInt8] = []
    var reader = ByteReader(frames)
    while let address = try? reader.read(UInt64.self, .host) {
      littleEndian.append(integer: address)
      if !sites.contains(address) { try write(names.site(at: address), database) }
    }
    try database.put("stacks", [Int64(stackCount), Data(littleEndian)])
    return stackCount
  }

  private mutating func write(_ site: DropSite, _ database: Database) throws {
    sites.insert(site.address)
    try database.put(
      "sites",
      [stored(site.address), site.symbol, stored(site.offset), stored(site.size), site.module])
  }
}

extension Database {
  /// Puts a row into a table, in place of one with the same key.
  fileprivate func put(_ table: String, _ values: [(any DatabaseValueConvertible)?]) throws {
    let places = values.map { _ in "?" }.joined(separator: ", ")
    try cachedStatement(sql: "INSERT OR REPLACE INTO \(table) VALUES(\(places))")
      .execute(arguments: StatementArguments(values))
  }
}
