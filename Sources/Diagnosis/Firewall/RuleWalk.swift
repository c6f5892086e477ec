/// Takes one packet through all chains that it may have passed, as the kernel would (nft_do_chain in
/// net/netfilter/nf_tables_core.c), as far as is known what its rules ask.
struct RuleWalk {
  /// Rules and policies that may have dropped it, and whether they surely did so if it came to their
  /// hook.
  private(set) var suspects: [RuleSuspect] = []

  private let ruleset: Ruleset
  private let packet: FirewallPacket
  private let moved: [RuleName: UInt64]
  private let places: [RuleName: Int]
  private var steps = 0

  /// Rules that are looked at at most: chains that jump to one another may take any number.
  private static let mostSteps = 100_000

  /// NFT_JUMP_STACK_SIZE of include/net/netfilter/nf_tables.h.
  private static let deepest = 16

  /// How a chain was left.
  private enum End { case decided, atItsEnd }

  init(_ ruleset: Ruleset, _ packet: FirewallPacket, _ moved: [RuleName: UInt64]) {
    self.ruleset = ruleset
    self.packet = packet
    self.moved = moved
    places = Dictionary(
      ruleset.chains.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { $1 })
  }

  /// Walks through each chain that a hook calls, until one has surely dropped it.
  mutating func run() {
    let bases = ruleset.chains.filter { $0.hook != nil }
    for hook in Self.hooks {
      for chain in bases where chain.hook == hook {
        let passes = packet.passes(hook, of: chain)
        guard passes != .no else { continue }
        var isCertain = passes == .yes
        if walk(chain, at: hook, &isCertain, depth: 0) == .atItsEnd, chain.dropsByPolicy {
          suspect(chain.name, isCertain, moved: nil)
        }
        if suspects.last?.isCertain ?? false { return }
      }
    }
  }

  /// In the order that packets pass them.
  private static let hooks = [
    "ingress", "prerouting", "input", "forward", "output", "postrouting", "egress",
  ]

  /// `isCertain` is whether the packet surely comes this far, and then whether it surely leaves the
  /// chain.
  private mutating func walk(
    _ chain: Ruleset.Chain, at hook: String, _ isCertain: inout Bool, depth: Int
  ) -> End {
    for rule in chain.rules {
      steps += 1
      guard steps < Self.mostSteps else {
        isCertain = false
        break
      }
      var name = chain.name
      name.handle = rule.handle
      let (fit, verdict) = judge(rule, named: name, at: hook)
      guard fit != .no, verdict != .carryOn else { continue }
      switch verdict {
      case .carryOn: continue
      case .drop:
        suspect(
          name, isCertain && fit == .yes, moved: rule.countsWhatItDecides ? moved[name] : nil)
      case .pass, .comeBack: break
      case .jump(let target), .goTo(let target):
        let target = RuleName(family: name.family, table: name.table, chain: target)
        guard depth < Self.deepest, let place = places[target] else {
          isCertain = false
          continue
        }
        var arrives = isCertain && fit == .yes
        let end = walk(ruleset.chains[place], at: hook, &arrives, depth: depth + 1)
        if fit == .yes {
          isCertain = arrives
          if end == .decided { return .decided }
          if case .jump = verdict { continue }
          return .atItsEnd
        }
      }
      // It may have ended here, or not.
      guard fit == .yes else {
        isCertain = false
        continue
      }
      return verdict == .comeBack ? .atItsEnd : .decided
    }
    return .atItsEnd
  }

  private mutating func suspect(_ name: RuleName, _ isCertain: Bool, moved: UInt64?) {
    suspects.append(
      RuleSuspect(name: name, isCertain: isCertain, moved: moved, packets: packet.count))
  }

  /// Whether a packet gets as far as a rule's verdict, and what that is.
  private func judge(
    _ rule: Ruleset.Rule, named name: RuleName, at hook: String
  ) -> (Certainty, RuleExpression.Verdict) {
    // A counter that has not moved proves more than any condition.
    if let packets = rule.packets, moved[name] ?? packets == 0 { return (.no, .carryOn) }
    var fit = Certainty.yes
    for expression in rule.expressions {
      switch expression {
      case .match(let field, let comparison, let values):
        switch packet.matches(
          field: field, comparison: comparison, values: values, hook: hook,
          set: { elements(of: $0, name) })
        {
        case .yes: continue
        case .unknown: fit = .unknown
        case .no: return (.no, .carryOn)
        }
      case .unknown: fit = .unknown
      case .verdict(let verdict): return (fit, verdict)
      case .verdictMap(let field, let elements):
        return look(up: field, in: elements, fit, name, hook)
      case .namedVerdictMap(let field, let map):
        return look(up: field, in: elements(of: map, name) ?? [], fit, name, hook)
      }
    }
    return (fit, .carryOn)
  }

  private func elements(of set: String, _ name: RuleName) -> [RuleExpression.Element]? {
    ruleset.sets[Ruleset.SetName(family: name.family, table: name.table, name: set)]
  }

  /// What a map says of a packet; where that cannot be told, that it may be dropped if it may.
  private func look(
    up field: String, in elements: [RuleExpression.Element], _ fit: Certainty, _ name: RuleName,
    _ hook: String
  ) -> (Certainty, RuleExpression.Verdict) {
    var mayBe: RuleExpression.Verdict?
    for element in elements {
      let verdict = element.verdict ?? .carryOn
      switch packet.matches(
        field: field, comparison: "==", values: [element.value], hook: hook, set: { _ in nil })
      {
      case .yes: return (fit, verdict)
      case .unknown: mayBe = mayBe == .drop || verdict == .carryOn ? mayBe : verdict
      case .no: continue
      }
    }
    return mayBe.map { (.unknown, $0) } ?? (.no, .carryOn)
  }
}

extension FirewallPacket {
  /// Whether packets like this one come to a hook.
  fileprivate func passes(_ hook: String, of chain: Ruleset.Chain) -> Certainty {
    switch chain.name.family {
    case "ip" where networkProtocol ?? "ipv4" != "ipv4": return .no
    case "ip6" where networkProtocol ?? "ipv6" != "ipv6": return .no
    case "inet" where hook != "ingress" && networkProtocol == "arp": return .no
    case "arp" where networkProtocol ?? "arp" != "arp": return .no
    default: break
    }
    if case .device(let name) = place, !chain.devices.isEmpty, !chain.devices.contains(name) {
      return .no
    }
    // A packet gets its device behind this hook, but for some of IPv6 and of sockets.
    if hook == "output" {
      if place == .beforeDevice { return .yes }
      return isSourceLocal ?? true ? .unknown : .no
    }
    if place == .beforeDevice { return .no }
    // What a bridge passes on is nobody's here.
    if chain.name.family == "bridge" || place == .unknown { return .unknown }
    switch hook {
    case "input": return isDestinationLocal.map { $0 ? .yes : .no } ?? .unknown
    case "forward":
      if isDestinationLocal == true { return .no }
      return (isSourceLocal, isDestinationLocal) == (false, false) ? .yes : .unknown
    case "ingress", "prerouting": return isSourceLocal.map { $0 ? .unknown : .yes } ?? .unknown
    default: return isSourceLocal.map { $0 ? .yes : .unknown } ?? .unknown
    }
  }
}
