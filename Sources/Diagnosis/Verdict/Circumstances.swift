package import DropModel

/// What is known of drops of one kind when a rule is asked about them.
package struct Circumstances {
  package var drop: Drop
  /// nil where nobody could tell the device.
  package var device: Condition.DeviceKind?
  package var profile = PacketProfile()
  /// Drops per second.
  package var rate = 0.0
  /// Kinds of counters that moved in the same time and namespace.
  package var moved: Set<String> = []
  /// The value of a sysctl in the drop's namespace; nil if it cannot be read.
  package var sysctl: (String) -> String? = { _ in nil }

  package init(drop: Drop) { self.drop = drop }
}

extension Condition {
  /// Whether all of it holds; what cannot be told does not.
  package func holds(in circumstances: Circumstances) -> Bool {
    holds(for: circumstances.drop, device: circumstances.device)
      && holds(for: circumstances.profile)
      && rateBelow.map { circumstances.rate < $0 } ?? true
      && rateAbove.map { circumstances.rate > $0 } ?? true
      && (counters.isEmpty || !circumstances.moved.isDisjoint(with: counters))
      && sysctls.allSatisfy { circumstances.sysctl($0.key) == $0.value }
  }

  /// Whether what it asks of a drop's key holds.
  package func holds(for drop: Drop, device: DeviceKind?) -> Bool {
    func isAny(_ value: String?, of values: [String]) -> Bool {
      values.isEmpty || value.map { values.contains($0) } ?? false
    }
    return isAny(drop.site?.function, of: sites) && isAny(drop.networkProtocol, of: protocols)
      && isAny(drop.transport, of: transports)
      && (devices.isEmpty || devices.contains(device ?? .none))
  }

  private func holds(for profile: PacketProfile) -> Bool {
    func isMost<Value>(_ values: [Value], _ counts: [Value: Int], of total: Int) -> Bool {
      values.isEmpty
        || profile.isMost(values.reduce(0) { $0 + counts[$1, default: 0] }, of: total)
    }
    let states = profile.states.reduce(into: [String: Int]()) { names, state in
      names[Self.stateName(state.key), default: 0] += state.value
    }
    // A closed socket and one without a connection are the same state: CLOSE is UNCONN.
    let wanted = socketStates.map { $0 == "UNCONN" ? "CLOSE" : $0 }
    let isPayloadRight =
      switch payload {
      case nil: true
      case .some(.none): profile.isMost(profile.seen - profile.withPayload, of: profile.seen)
      case .some(.some): profile.isMost(profile.withPayload, of: profile.seen)
      }
    return isMost(destinations, profile.destinations, of: profile.seen)
      && isMost(sources, profile.sources, of: profile.seen)
      && flags.allSatisfy { isMost([$0], profile.flags, of: profile.segments) }
      && isPayloadRight && isMost(ports, profile.ports, of: profile.seen)
      && isMost(wanted, states, of: profile.seen)
      && flowsAbove.map { profile.flows.count > $0 } ?? true
      && repeatsAbove.map { profile.flows.values.max() ?? 0 > $0 } ?? true
      && portsAbove.map { profile.portsBySource.values.map(\.count).max() ?? 0 > $0 } ?? true
  }

  /// ss(8)'s word for a TCP state (include/net/tcp_states.h), which other protocols use too.
  private static func stateName(_ state: UInt8) -> String {
    switch state {
    case 1: "ESTAB"
    case 2: "SYN-SENT"
    case 3, 12: "SYN-RECV"
    case 4: "FIN-WAIT-1"
    case 5: "FIN-WAIT-2"
    case 6: "TIME-WAIT"
    case 7: "CLOSE"
    case 8: "CLOSE-WAIT"
    case 9: "LAST-ACK"
    case 10: "LISTEN"
    case 11: "CLOSING"
    default: "UNKNOWN"
    }
  }
}

extension DropSite {
  /// The function as its source has it: without what compilers append (".part.0", ".isra.0").
  package var function: String? { symbol.map { String($0.prefix { $0 != "." }) } }
}
