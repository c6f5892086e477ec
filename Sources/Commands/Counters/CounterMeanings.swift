internal import Diagnosis
internal import Export
internal import HostCounters

/// What counters mean: what is known of them, else what their names say.
struct CounterMeanings {
  private let knowledge: Knowledge
  private var found: [String: CounterMeaning] = [:]

  init(_ knowledge: Knowledge = .embedded) { self.knowledge = knowledge }

  mutating func meaning(of name: CounterName) throws -> CounterMeaning {
    let kind = name.kind
    if let known = found[kind] { return known }
    let meaning = try look(up: name)
    found[kind] = meaning
    return meaning
  }

  private func look(up name: CounterName) throws -> CounterMeaning {
    // What a card has of each queue is known of the queue 0.
    let kinds = [name.kind, "\(name.family.rawValue).\(Self.first(of: name.field))"]
    for kind in kinds {
      guard let entry = try knowledge.counter(kind) else { continue }
      return CounterMeaning(
        station: entry.station, harm: entry.isBad ? .loss : .none, what: entry.what)
    }
    return CounterMeaning(
      station: Self.station(of: name), harm: Self.soundsLikeLoss(name.field) ? .suspected : .none,
      what: nil)
  }

  /// "rx_queue_0_drops" of "rx_queue_12_drops".
  static func first(of field: String) -> String {
    var result = ""
    for character in field where !(character.isNumber && result.last == "0") {
      result.append(character.isNumber ? "0" : character)
    }
    return result
  }

  private static func soundsLikeLoss(_ field: String) -> Bool {
    let field = field.lowercased()
    return lossWords.contains { field.contains($0) }
  }

  private static let lossWords = [
    "drop", "err", "fail", "discard", "miss", "overflow", "overrun", "overlimit", "no_buf",
    "nobuf", "lost", "loss", "abort", "reject", "oom", "prune",
  ]

  /// Where a family's counters usually belong.
  private static func station(of name: CounterName) -> Station {
    switch name.family {
    case .link: .driver
    case .ethtool: .nic
    case .softnet: .backlog
    case .qdisc: .qdisc
    case .conntrack: .netfilter
    case .socket, .packet: .socket
    case .xsk: .xdp
    case .netstat where name.field.hasPrefix("Ip"): .ip
    case .netstat where name.field.hasPrefix("Xfrm"): .ipsec
    case .netstat: .transport
    }
  }
}
