internal import CDropRecords
internal import DropModel

/// Turns the program's keys into everybody's: what the kernel tells as text gets a number.
struct KeyNumbers {
  private var reasons = ReasonNumbers()
  private var qdiscs = QdiscNumbers()

  /// A key of software drops, which has numbers only.
  func key(_ key: drop_key) -> DropKey {
    DropKey(
      site: key.site, reason: key.reason, namespace: key.netns, interfaceIndex: key.interface,
      ethertype: key.ethertype, transport: key.transport, family: key.family)
  }

  /// The key of a queueing discipline's drops; one without a kind is none.
  mutating func key(
    _ key: drop_key, _ qdisc: drop_qdisc, in batch: inout DropBatch
  ) -> DropKey {
    var known = self.key(key)
    let kind = fieldText(qdisc.kind)
    guard !kind.isEmpty else { return known }
    known.qdisc = qdiscs.number(
      of: Qdisc(kind: kind, handle: qdisc.handle, parent: qdisc.parent), in: &batch)
    return known
  }

  /// The key of a hardware drop.
  mutating func key(_ key: drop_key, _ trap: drop_trap, in batch: inout DropBatch) -> DropKey {
    var known = self.key(key)
    let (name, group) = (fieldText(trap.name), fieldText(trap.group))
    known.reason = reasons.number(
      of: .trap(name.isEmpty ? "?" : name, group: group.isEmpty ? nil : group), in: &batch)
    return known
  }
}
