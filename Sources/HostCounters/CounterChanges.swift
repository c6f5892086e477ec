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
    let known = old.instances
    for (name, value) in counters {
      switch before(name, in: old, known) {
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
    let present = instances
    for (owner, identity) in old.identities
    where !owner.family.listsOnlyWhatMoved && complete.contains(owner.family)
      && present[Identity(family: owner.family, number: identity)] == nil
    {
      changes.vanished.insert(owner)
    }
    return changes
  }

  /// A thing, whatever it is called: devices may be renamed, and a socket is called otherwise when
  /// another one on its address begins to lose packets.
  private struct Identity: Hashable {
    var family: CounterFamily
    var number: UInt64
  }

  /// What things were called.
  private var instances: [Identity: String] {
    var instances: [Identity: String] = [:]
    for (owner, number) in identities {
      instances[Identity(family: owner.family, number: number)] = owner.instance
    }
    return instances
  }

  /// What a counter of this snapshot was in an earlier one; nil if nobody knows.
  private func before(
    _ name: CounterName, in old: CounterSnapshot, _ known: [Identity: String]
  ) -> UInt64? {
    var earlier = name
    if let owner = name.owner, let number = identities[owner] {
      guard let instance = known[Identity(family: owner.family, number: number)] else {
        // A socket that has lost nothing is as new as one that was not there.
        return old.complete.contains(name.family) ? 0 : nil
      }
      earlier.instance = instance
    }
    if let value = old.counters[earlier] { return value }
    return old.complete.contains(name.family) && name.family.listsOnlyWhatMoved ? 0 : nil
  }
}
