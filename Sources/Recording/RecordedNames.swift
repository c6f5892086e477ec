package import DropModel

/// The names in a recording, as they were on its machine.
package final class RecordedNames: DropNames {
  package let notes: [String] = []

  private var protocols: [DropKey: (network: String?, transport: String?)] = [:]
  private var reasons: [UInt32: DropReason] = [:]
  private var sites: [UInt64: DropSite] = [:]
  private var namespaces: [UInt32: String] = [:]
  private var devices: [Port: String] = [:]
  private var qdiscs: [UInt32: Qdisc] = [:]
  private var owners: [SocketOwner.Identity: Owner] = [:]

  private var listeners: [Listening: Owner] = [:]

  private struct Listening: Hashable {
    let namespace: UInt32
    let transport: UInt8
    let port: UInt16
    let address: IPAddress
  }

  private struct Port: Hashable {
    let namespace: UInt32
    let index: UInt32
  }

  /// Reads all of them.
  package init(_ file: RecordingFile) {
    file.rows(of: "keys") { row in
      protocols[try DropKey(row)] = (try row.optionalText(9), try row.optionalText(10))
    }
    file.rows(of: "reasons") { row in
      guard let subsystem = try row.optionalText(1), let name = try row.optionalText(2) else {
        return
      }
      reasons[try row.integer(0)] = DropReason(
        subsystem: subsystem, name: name, group: try row.optionalText(3))
    }
    file.rows(of: "sites") { row in
      let address = try row.number(0)
      sites[address] = DropSite(
        address: address, symbol: try row.optionalText(1), offset: try row.number(2),
        size: try row.number(3), module: try row.optionalText(4))
    }
    file.rows(of: "namespaces") { row in
      namespaces[try row.integer(0)] = try row.optionalText(1)
    }
    file.rows(of: "devices") { row in
      devices[Port(namespace: try row.integer(0), index: try row.integer(1))] =
        try row.optionalText(2)
    }
    file.rows(of: "qdiscs") { row in
      qdiscs[try row.integer(0)] = Qdisc(
        kind: try row.text(1), handle: try row.integer(2), parent: try row.integer(3))
    }
    file.rows(of: "owners") { row in
      let socket = SocketOwner.Identity(
        uid: try row.integer(1), cgroup: try row.number(2), inode: try row.number(3))
      owners[socket] = try Owner(row, uid: socket.uid, from: 4)
    }
    file.rows(of: "listeners") { row in
      let high = try row.number(3)
      let low = try row.number(4)
      let port = Listening(
        namespace: try row.integer(0), transport: try row.integer(1), port: try row.integer(2),
        address: try row.integer(5) != 0
          ? IPAddress(v6: high, low) : IPAddress(v4: UInt32(truncatingIfNeeded: low)))
      var owner = try Owner(row, uid: try row.integer(6), from: 7)
      owner.isInferred = true
      listeners[port] = owner
    }
  }

  /// All kinds of drops that were recorded.
  package var drops: [Drop] { protocols.keys.map { drop(for: $0) } }

  /// They were learned when they were recorded.
  package func learn(_ batch: DropBatch) {}

  /// They do not change any more.
  package func refresh() {}

  package func drop(for key: DropKey) -> Drop {
    Drop(
      reason: reason(key.reason), site: site(of: key),
      namespace: key.namespace == 0
        ? nil : NetworkNamespace(inode: key.namespace, name: namespaces[key.namespace]),
      device: key.interfaceIndex == 0
        ? nil
        : Device(
          index: key.interfaceIndex,
          name: devices[Port(namespace: key.namespace, index: key.interfaceIndex)]),
      networkProtocol: protocols[key]?.network, transport: protocols[key]?.transport,
      qdisc: key.qdisc == 0 ? nil : qdiscs[key.qdisc])
  }

  package func site(of key: DropKey) -> DropSite? {
    if key.isHardware { return DropSite(address: 0, trap: reason(key.reason)) }
    return key.site == 0 ? nil : site(at: key.site)
  }

  package func site(at address: UInt64) -> DropSite {
    sites[address] ?? DropSite(address: address)
  }

  package func reason(_ number: UInt32) -> DropReason? { reasons[number] }

  package func owner(of socket: SocketOwner) -> Owner {
    owners[socket.identity] ?? Owner(uid: socket.uid)
  }
}

extension RecordedNames {
  package func listener(
    transport: UInt8, port: UInt16, address: IPAddress, namespace: UInt32
  ) -> Owner? {
    listeners[
      Listening(namespace: namespace, transport: transport, port: port, address: address)]
  }
}

extension Owner {
  /// Reads a row's columns from `first` on: a name, a control group and so forth.
  fileprivate init(_ row: RecordedRow, uid: UInt32, from first: Int) throws {
    self.init(
      uid: uid, user: try row.optionalText(first), cgroup: try row.optionalText(first + 1),
      unit: try row.optionalText(first + 2),
      container: try row.optionalText(first + 3).map { id in
        Container(id: id, runtime: try row.optionalText(first + 4))
      },
      pid: try row.optionalInteger(first + 5).flatMap { Int32(exactly: $0) },
      command: try row.optionalText(first + 6))
  }
}

extension DropKey {
  /// Reads a row of the table `keys`.
  init(_ row: RecordedRow) throws {
    self.init(
      site: try row.number(1), reason: try row.integer(2), namespace: try row.integer(3),
      interfaceIndex: try row.integer(4), ethertype: try row.integer(5),
      transport: try row.integer(6), family: try row.integer(7), qdisc: try row.integer(8))
  }
}
