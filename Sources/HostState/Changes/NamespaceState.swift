internal import Bytes
package import DropModel
internal import HostCounters
package import Netlink

/// What a network namespace is configured as, followed message by message of rtnetlink(7).
///
/// What was there before is kept, as far as it takes to say what a message changes: the kernel sends
/// the new state only, and sends it again where only a counter or a lifetime is another one.
package struct NamespaceState {
  /// What a message changed, one sentence each.
  package typealias Changes = [(kind: StateChange.Kind, text: String)]

  /// An address as far as it tells one from another.
  struct AddressKey: Hashable {
    var device: UInt32
    var address: IPAddress
    var prefixLength: UInt8
  }

  struct NeighbourKey: Hashable {
    var device: UInt32
    var address: IPAddress
  }

  var links: [UInt32: Link] = [:]
  var addresses: [AddressKey: InterfaceAddress] = [:]
  var neighbours: [NeighbourKey: Neighbour] = [:]
  var qdiscs: Set<TrafficControlNode> = []
  /// The queueing discipline that the message before took away; its successor follows at once.
  var removed: TrafficControlNode?
  /// The neighbour that the message before let fail; whoever deletes one by hand does so first.
  var failed: NeighbourKey?

  /// An empty one, to which everything is new.
  package init() {}

  /// The state of the namespace that a connection is in; of its routes nothing is kept, for there may
  /// be a million.
  package init(over connection: NetlinkConnection) throws(NetlinkError) {
    for link in try Link.all(over: connection) { links[link.index] = link }
    for address in try InterfaceAddress.all(over: connection) { addresses[address.key] = address }
    for neighbour in try Neighbour.all(over: connection) { neighbours[neighbour.key] = neighbour }
    qdiscs = Set(try TrafficControlNode.qdiscs(over: connection))
  }

  /// What tells of changes: RTNLGRP_* of linux/rtnetlink.h.
  package static let groups: [(number: UInt32, name: String)] = [
    (1, "link"), (3, "neigh"), (4, "tc"), (5, "ipv4-ifaddr"), (7, "ipv4-route"),
    (9, "ipv6-ifaddr"), (11, "ipv6-route"),
  ]

  /// Takes a message of these groups in, and tells what it changes; nothing for one of another kind.
  package mutating func apply(_ message: borrowing Message) throws(NetlinkError) -> Changes {
    let before = (removed, failed)
    (removed, failed) = (nil, nil)
    switch message.header.type {
    case Link.new, Link.deleted: return try applyLink(message)
    case InterfaceAddress.new, InterfaceAddress.deleted: return try applyAddress(message)
    case Neighbour.new, Neighbour.deleted: return try applyNeighbour(message, after: before.1)
    case Route.new, Route.deleted: return try applyRoute(message)
    default: return try applyTrafficControl(message, after: before.0)
    }
  }

  /// A device's name, or "if7".
  func name(_ device: UInt32) -> String { links[device]?.name ?? "if\(device)" }
}

extension Message {
  /// The address family that every payload of rtnetlink(7) begins with: AF_UNSPEC is 0, AF_BRIDGE 7.
  var addressFamily: UInt8? { payload.unread.next }
}

extension MessageHeader.Flag {
  /// NLM_F_REPLACE: it took the place of another.
  static let replace: UInt16 = 0x100
}
