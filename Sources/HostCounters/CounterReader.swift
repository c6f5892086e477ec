internal import Bytes
internal import DropModel
internal import Glibc
internal import Netlink

/// Reads all counters of one network namespace, whenever asked.
///
/// Nothing is kept open between: a socket would keep a namespace alive that somebody deletes. A snapshot
/// enters the namespace with the calling thread only, and takes about a millisecond without ethtool, which
/// asks drivers and through them the hardware.
package final class CounterReader {
  /// The namespace's file (/run/netns/NAME, /proc/PID/ns/net); nil for this process's own.
  package let namespace: String?
  package let families: [CounterFamily]
  private var missing: Set<String> = []

  package init(
    namespace: String? = nil, families: [CounterFamily] = CounterFamily.allCases
  ) {
    self.namespace = namespace
    self.families = families
  }

  /// What the counters say now; throws only if the namespace cannot be entered.
  package func snapshot() throws -> CounterSnapshot {
    try inside { place in
      Self.snapshot(of: place, families, namespace: Self.currentNamespace)
    }
  }

  /// Does something with the namespace.
  func inside<Result>(_ body: (CounterPlace) throws -> Result) throws -> Result {
    let operation = "enter the network namespace \(namespace ?? "")"
    return try inNamespace(
      namespace, { NetlinkError.system(operation: operation, code: $0) as any Error }
    ) {
      let place = CounterPlace.live(missing: missing)
      defer { missing = place.missing }
      return try body(place)
    }
  }

  /// A snapshot of a place, which need not be a real one.
  static func snapshot(
    of place: CounterPlace, _ families: [CounterFamily], namespace: UInt32
  ) -> CounterSnapshot {
    var snapshot = CounterSnapshot(time: .now, namespace: namespace)
    for family in families {
      do {
        try family.source.read(place, into: &snapshot)
        snapshot.complete.insert(family)
      } catch {
        snapshot.problems.append("\(family.rawValue) counters: \(error)")
      }
    }
    return snapshot
  }

  /// The inode of the thread's network namespace; 0 without /proc.
  private static var currentNamespace: UInt32 {
    var status = stat()
    guard unsafe stat("/proc/thread-self/ns/net", &status) == 0 else { return 0 }
    return UInt32(truncatingIfNeeded: status.st_ino)
  }
}

extension CounterPlace {
  /// The thread's namespace.
  static func live(missing: Set<String>) -> CounterPlace {
    let drivers = EthtoolSocket()
    return CounterPlace(
      missing: missing,
      file: { (path) throws(FileError) in
        try [UInt8](contentsOfFile: path.hasPrefix("/") ? path : "/proc/thread-self/" + path)
      },
      open: { (network) throws(NetlinkError) in try KernelSocket(network) },
      ethtool: { (device, request) throws(NetlinkError) in
        try drivers.ask(device, request)
      })
  }
}
