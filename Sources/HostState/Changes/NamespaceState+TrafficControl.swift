internal import DropModel
internal import Netlink

extension NamespaceState {
  /// Messages about queueing disciplines, classes and filters; nothing for any other.
  ///
  /// `removed` is the queueing discipline that the message before took away.
  mutating func applyTrafficControl(
    _ message: borrowing Message, after removed: TrafficControlNode?
  ) throws(NetlinkError) -> Changes {
    typealias Types = TrafficControlNode.MessageType
    switch message.header.type {
    case Types.newQdisc: return try addQdisc(message, after: removed)
    case Types.deletedQdisc: return try removeQdisc(message)
    case Types.newClass: return try tell(message, "class", "set")
    case Types.deletedClass: return try tell(message, "class", "removed")
    case Types.newFilter: return try tell(message, "tc filter", "added")
    case Types.deletedFilter: return try tell(message, "tc filter", "removed")
    default: return []
    }
  }

  private mutating func addQdisc(
    _ message: borrowing Message, after removed: TrafficControlNode?
  ) throws(NetlinkError) -> Changes {
    let node = try TrafficControlNode(message)
    let isNew = qdiscs.insert(node).inserted
    let replaced = removed.map { $0.device == node.device && $0.qdisc.parent == node.qdisc.parent }
    let happened =
      if replaced == true { "added in its place" } else { isNew ? "added" : "changed" }
    return [(.qdisc, "qdisc \(node.text) on \(name(node.device)) \(happened)")]
  }

  private mutating func removeQdisc(_ message: borrowing Message) throws(NetlinkError) -> Changes {
    let node = try TrafficControlNode(message)
    qdiscs.remove(node)
    removed = node
    return [(.qdisc, "qdisc \(node.text) on \(name(node.device)) removed")]
  }

  private func tell(
    _ message: borrowing Message, _ what: String, _ happened: String
  ) throws(NetlinkError) -> Changes {
    let node = try TrafficControlNode(message)
    // A filter's handle means something to its kind only.
    let text = what == "class" ? node.text : node.qdisc.kind
    return [(.qdisc, "\(what) \(text) on \(name(node.device)) \(happened)")]
  }
}

extension TrafficControlNode {
  /// "tbf 8001:"; those that nobody numbered have their kind only.
  fileprivate var text: String { qdisc.handle == 0 ? qdisc.kind : qdisc.label }
}
