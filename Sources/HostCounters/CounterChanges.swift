internal import DropModel

/// How far counters have moved between two snapshots of a namespace.
package struct CounterChanges: Equatable, Sendable {
  /// The time between them.
  package var interval: Duration
  /// What moved, and by how much; never 0.
  package var changed: [CounterName: UInt64] = [:]
  /// What was read, but may have moved by any number: it is new on a thing that is not, or was set
  /// back.
  package var unknown: Set<CounterName> = []
  /// Things with counters that are gone, with what they counted since the earlier snapshot.
  ///
  /// Sockets that have been closed are not told of.
  package var vanished: Set<CounterOwner> = []

  package init(interval: Duration) { self.interval = interval }
}

extension CounterSnapshot {
  /// What has moved since an earlier snapshot of the same namespace.
  ///
  /// A counter that got smaller has begun again at 0 after 32 bits if that makes it move by less than
  /// half of them: most of the kernel's are that wide, or kept so by drivers. Else somebody has set it back.
  package func changes(since old: CounterSnapshot) -> CounterChanges {
    var changes = CounterChanges(interval: old.time.duration(to: time))
    let renamed = old.sockets
    for (name, value) in counters {
      switch before(name, in: old, renamed) {
      case nil: changes.unknown.insert(name)
      case let before? where value >= before:
        if value > before { changes.changed[name] = value - before }
      case let before?:
        let wrapped = UInt32(truncatingIfNeeded: value) &- UInt32(truncatingIfNeeded: before)
        if before >> 32 == 0, wrapped < 1 << 31 {
          changes.changed[name] = UInt64(wrapped)
        } else {
          changes.unknown.insert(name)
        }
      }
    }
    for owner in old.identities.keys
    where owner.family.absence != .zero && complete.contains(owner.family)
      && identities[owner] != old.identities[owner]
    {
      changes.vanished.insert(owner)
    }
    return changes
  }

  /// What a counter of this snapshot was in an earlier one; nil if nobody knows.
  private func before(
    _ name: CounterName, in old: CounterSnapshot, _ sockets: [UInt64: String]
  ) -> UInt64? {
    let (identity, was) = (
      name.owner.flatMap { identities[$0] }, name.owner.flatMap { old.identities[$0] }
    )
    if identity == was, let value = old.counters[name] { return value }
    guard old.complete.contains(name.family) else { return nil }
    switch name.family.absence {
    case .zero:
      // A socket's name changes when another one on the same address begins to lose packets.
      guard let identity, let instance = sockets[identity] else { return 0 }
      return old.counters[CounterName(name.family, instance, name.field)] ?? 0
    case .zeroIfOwnerIsNew: return identity != nil && identity != was ? 0 : nil
    case .unknown: return nil
    }
  }

  /// The names of sockets by their cookies, which no two have in common.
  private var sockets: [UInt64: String] {
    var names: [UInt64: String] = [:]
    for (owner, cookie) in identities where owner.family.absence == .zero {
      names[cookie] = owner.instance
    }
    return names
  }
}
