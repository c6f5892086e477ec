internal import Bytes
package import DropModel
internal import Netlink

/// Reads the machine's own counters, of one network namespace at a time.
package struct HostCounters {
  /// The namespace's file; nil for this thread's own.
  private let namespace: String?
  private let read: (String) throws(FileError) -> [UInt8]

  package init(namespace: String? = nil) {
    self.init(namespace: namespace, reading: Self.file)
  }

  /// `read` stands for the file system in tests.
  init(namespace: String?, reading read: @escaping (String) throws(FileError) -> [UInt8]) {
    self.namespace = namespace
    self.read = read
  }

  private static func file(_ path: String) throws(FileError) -> [UInt8] {
    try [UInt8](contentsOfFile: path)
  }

  /// Reads all of them; what cannot be read is among the snapshot's problems.
  package func snapshot(at time: MonotonicTime) -> CounterSnapshot {
    var snapshot = CounterSnapshot(time: time)
    do throws(NetlinkError) {
      let connection = NetlinkConnection(try KernelSocket(.route, in: namespace))
      try readDevices(over: connection, into: &snapshot)
    } catch {
      snapshot.problems.append("cannot read the devices' counters: \(error)")
    }
    do throws(FileError) {
      try inNamespace(namespace, unentered) { () throws(FileError) in
        try readFiles(into: &snapshot)
      }
    } catch {
      snapshot.problems.append("cannot read the protocols' counters: \(error)")
    }
    return snapshot
  }

  private func unentered(_ code: Int32) -> FileError {
    FileError(.open, path: namespace ?? "", code: code)
  }

  func readDevices(
    over connection: NetlinkConnection, into snapshot: inout CounterSnapshot
  ) throws(NetlinkError) {
    snapshot.devices = try NetworkDevice.all(over: connection)
    var names: [UInt32: String] = [:]
    for device in snapshot.devices {
      names[device.index] = device.name
      for (field, value) in device.statistics {
        snapshot.values[CounterName("link", device.name, field)] = value
      }
    }
    for discipline in try QueueingDiscipline.all(over: connection) {
      let device = names[discipline.interfaceIndex] ?? "if\(discipline.interfaceIndex)"
      // Several without a handle hang on one device: they are one.
      let handle = Qdisc(kind: discipline.kind, handle: discipline.handle).handleText
      let instance = "\(device) \(handle)"
      snapshot.add(discipline.drops, CounterName("qdisc", instance, "drops"))
      snapshot.add(discipline.overlimits, CounterName("qdisc", instance, "overlimits"))
      snapshot.add(discipline.requeues, CounterName("qdisc", instance, "requeues"))
    }
  }

  /// The namespace's own are behind the thread, not the process: proc(5).
  private func readFiles(into snapshot: inout CounterSnapshot) throws(FileError) {
    let folder = "/proc/thread-self/net"
    for name in ["snmp", "netstat"] {
      let text = try read("\(folder)/\(name)")
      ProtocolStatistics.read(pairs: text.span.raw, into: &snapshot.values)
    }
    // Without IPv6 or IPsec in the kernel they are not there.
    for name in ["snmp6", "xfrm_stat"] {
      do throws(FileError) {
        let text = try read("\(folder)/\(name)")
        ProtocolStatistics.read(lines: text.span.raw, into: &snapshot.values)
      } catch {
        guard error.isMissing else { throw error }
      }
    }
    let text = try read("\(folder)/softnet_stat")
    SoftnetStatistics.read(text.span.raw, into: &snapshot.values)
  }
}

extension CounterSnapshot {
  fileprivate mutating func add(_ value: UInt32, _ name: CounterName) {
    values[name, default: 0] += UInt64(value)
  }
}
