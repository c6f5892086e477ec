internal import DropModel

/// Whether something holds, as far as it can be told.
enum Certainty {
  case yes, no, unknown

  static prefix func ! (certainty: Certainty) -> Certainty {
    switch certainty {
    case .yes: .no
    case .no: .yes
    case .unknown: .unknown
    }
  }
}

extension FirewallPacket {
  /// What a field of the packet has.
  private enum Fact {
    case unknown
    /// Packets of this kind have no such field: nothing matches, not even "!=".
    case absent
    case text(String)
    case number(UInt64)
    case address(IPAddress)
  }

  /// Whether a rule's comparison holds; `set` gives what a named set holds.
  func matches(
    field: String, comparison: String, values: [RuleExpression.Value], hook: String,
    set: (String) -> [RuleExpression.Element]?
  ) -> Certainty {
    let fact = fact(field, at: hook)
    switch fact {
    case .unknown: return .unknown
    case .absent: return .no
    default: break
    }
    switch comparison {
    case "==", "in": return isAny(of: values, fact, set)
    case "!=": return !isAny(of: values, fact, set)
    default:
      guard case .number(let number) = fact, case .numbers(let range)? = values.first else {
        return .unknown
      }
      switch comparison {
      case "<": return number < range.lowerBound ? .yes : .no
      case ">": return number > range.lowerBound ? .yes : .no
      case "<=": return number <= range.lowerBound ? .yes : .no
      case ">=": return number >= range.lowerBound ? .yes : .no
      default: return .unknown
      }
    }
  }

  private func isAny(
    of values: [RuleExpression.Value], _ fact: Fact, _ set: (String) -> [RuleExpression.Element]?
  ) -> Certainty {
    var result = Certainty.no
    for value in values {
      let certainty: Certainty
      if case .set(let name) = value {
        // No set holds another one by its name.
        certainty = set(name).map { isAny(of: $0.map(\.value), fact) { _ in nil } } ?? .unknown
      } else {
        certainty = equals(fact, value)
      }
      switch certainty {
      case .yes: return .yes
      case .unknown: result = .unknown
      case .no: continue
      }
    }
    return result
  }

  private func equals(_ fact: Fact, _ value: RuleExpression.Value) -> Certainty {
    switch (fact, value) {
    case (.text(let text), .text(let wanted)):
      // Names of devices may end in a star.
      if wanted.hasSuffix("*") { return text.hasPrefix(wanted.dropLast()) ? .yes : .no }
      return text == wanted ? .yes : .no
    case (.number(let number), .numbers(let range)): return range.contains(number) ? .yes : .no
    case (.address(let address), .addresses(let range)): return range.contains(address) ? .yes : .no
    default: return .unknown
    }
  }

  private func fact(_ field: String, at hook: String) -> Fact {
    let words = field.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { return .unknown }
    let key = String(words[1])
    switch words[0] {
    case "meta": return meta(key, at: hook)
    case "ether" where key == "type": return meta("protocol", at: hook)
    case "ip": return network(key, isIPv6: false)
    case "ip6": return network(key, isIPv6: true)
    case "arp": return networkProtocol.map { $0 == "arp" ? .unknown : .absent } ?? .unknown
    case "th": return hasPorts ? port(key) : .unknown
    case "tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "igmp", "esp", "ah", "comp":
      guard let protocolName else { return .unknown }
      let wanted = words[0] == "icmpv6" ? "ipv6-icmp" : String(words[0])
      return protocolName == wanted ? port(key) : .absent
    default: return .unknown
    }
  }

  private func meta(_ key: String, at hook: String) -> Fact {
    switch key {
    case "l4proto": return protocolName.map { .text($0) } ?? .unknown
    case "nfproto":
      guard let networkProtocol, networkProtocol.hasPrefix("ipv") else { return .unknown }
      return .text(networkProtocol)
    case "protocol":
      switch networkProtocol {
      case "ipv4": return .text("ip")
      case "ipv6": return .text("ip6")
      case "arp": return .text("arp")
      default: return .unknown
      }
    case "iifname", "iif":
      switch (hook, place) {
      case ("output", _): return .text("")
      case ("ingress", .device(let name)), ("prerouting", .device(let name)),
        ("input", .device(let name)), ("forward", .device(let name)):
        return .text(name)
      default: return .unknown
      }
    case "oifname", "oif":
      switch (hook, place) {
      case ("ingress", _), ("prerouting", _), ("input", _): return .text("")
      case ("egress", .device(let name)), ("postrouting", .device(let name)): return .text(name)
      default: return .unknown
      }
    default: return .unknown
    }
  }

  private func network(_ key: String, isIPv6: Bool) -> Fact {
    guard let networkProtocol else { return .unknown }
    guard networkProtocol == (isIPv6 ? "ipv6" : "ipv4") else { return .absent }
    switch key {
    case "saddr": return source.map { .address($0) } ?? .unknown
    case "daddr": return destination.map { .address($0) } ?? .unknown
    case "protocol": return protocolName.map { .text($0) } ?? .unknown
    default: return .unknown
    }
  }

  /// A port; a fragment other than the first has none.
  private func port(_ key: String) -> Fact {
    switch key {
    case "sport" where sourcePort > 0: .number(UInt64(sourcePort))
    case "dport" where destinationPort > 0: .number(UInt64(destinationPort))
    default: .unknown
    }
  }

  private var hasPorts: Bool {
    transport.map { ["tcp", "udp", "udplite", "sctp", "dccp"].contains($0) } ?? false
  }

  /// The transport by nft's word (/etc/protocols); nil for those without one in every version.
  private var protocolName: String? {
    switch transport {
    case "icmp6": "ipv6-icmp"
    case "icmp", "igmp", "tcp", "udp", "gre", "esp", "ah", "sctp", "dccp", "udplite": transport
    default: nil
    }
  }
}
