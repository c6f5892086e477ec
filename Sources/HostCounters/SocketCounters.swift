internal import Bytes
internal import Glibc
internal import Netlink

/// The drops of TCP, UDP and raw sockets; sockets that lost nothing are not listed.
enum SocketCounters: CounterSource {
  static let family = CounterFamily.socket

  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    let sockets = try place.sockets()
    // Several may share an address (SO_REUSEPORT), of which each loses packets of its own.
    let labels = Dictionary(sockets.map { ($0.label, 1) }, uniquingKeysWith: +)
    for socket in sockets {
      let drops = socket.memory?.drops ?? 0
      guard drops > 0 else { continue }
      let label = socket.label
      let instance = labels[label] ?? 0 > 1 ? "\(label) #\(socket.inode)" : label
      snapshot.identify(family, instance, as: socket.cookie)
      snapshot.counters[CounterName(family, instance, "drops")] = UInt64(drops)
    }
  }
}

extension CounterPlace {
  /// All sockets that the kernel tells of, or those on a port.
  func sockets(port: UInt16? = nil) throws(NetlinkError) -> [SocketMemory] {
    var sockets: [SocketMemory] = []
    for transport in SocketMemory.Transport.allCases {
      for isIPv6 in [false, true] {
        sockets += try unlessMissing("\(transport.name)_diag") { () throws(NetlinkError) in
          try SocketMemory.all(
            transport, isIPv6: isIPv6, port: port, over: try connection(.socketDiagnosis))
        }
      }
    }
    return sockets
  }

  /// What is listed, nothing if this kernel cannot: it has no such sockets, or does not tell of them.
  func unlessMissing<Value>(
    _ module: String, _ list: () throws(NetlinkError) -> [Value]
  ) throws(NetlinkError) -> [Value] {
    guard !missing.contains(module) else { return [] }
    do throws(NetlinkError) {
      return try list()
    } catch {
      guard error.code == ENOENT || error.code == EOPNOTSUPP else { throw error }
      missing.insert(module)
      return []
    }
  }
}

extension CounterReader {
  /// The sockets of the namespace bound to a port, or all.
  ///
  /// A look-up by port lists all sockets as well, and takes as long.
  package func sockets(port: UInt16? = nil) throws -> [SocketMemory] {
    try inside { try $0.sockets(port: port) }
  }
}
