package import Bytes
internal import DropModel
internal import Packets

extension Ruleset {
  /// Reads what `nft -j -a list ruleset` writes: libnftables-json(5).
  ///
  /// What is of no interest here, or of a later version, is passed over.
  package init(json: RawSpan) throws(JSONError) {
    guard let objects = try JSONValue(json)["nftables"]?.array else { throw JSONError(at: 0) }
    var dormant: Set<[String]> = []
    var places: [RuleName: Int] = [:]
    for object in objects {
      guard let (kind, value) = object.onlyMember, let family = value["family"]?.text else {
        continue
      }
      let table = value["table"]?.text ?? ""
      let name = value["name"]?.text ?? ""
      switch kind {
      case "table":
        if value["flags"]?.words.contains("dormant") ?? false { dormant.insert([family, name]) }
      case "set", "map":
        sets[SetName(family: family, table: table, name: name)] =
          value["elem"]?.array?.map(\.element) ?? []
      case "chain":
        guard !dormant.contains([family, table]) else { continue }
        let chain = RuleName(family: family, table: table, chain: name)
        places[chain] = chains.count
        chains.append(
          Chain(
            name: chain, hook: value["hook"]?.text,
            dropsByPolicy: value["policy"]?.text == "drop", priority: value["prio"]?.signed ?? 0,
            devices: value["dev"]?.words ?? []))
      case "rule":
        let chain = RuleName(
          family: family, table: table, chain: value["chain"]?.text ?? "")
        guard let place = places[chain], let handle = value["handle"]?.integer else { continue }
        chains[place].rules.append(Rule(handle: handle, value["expr"]?.array ?? []))
      default: continue
      }
    }
    // A sort that keeps the order of equals: Swift's does not promise to.
    chains = chains.enumerated().sorted { ($0.1.priority, $0.0) < ($1.1.priority, $1.0) }.map(\.1)
  }
}

extension Ruleset.Rule {
  fileprivate init(handle: UInt64, _ steps: [JSONValue]) {
    self.handle = handle
    expressions = []
    for step in steps {
      if packets == nil, let count = step["counter"]?["packets"]?.integer {
        packets = count
        countsWhatItDecides = true
      }
      guard let expression = step.expression else { continue }
      if !expression.isVerdict { countsWhatItDecides = false }
      expressions.append(expression)
    }
  }
}

extension JSONValue {
  /// One word or a list of them.
  fileprivate var words: [String] { text.map { [$0] } ?? array?.compactMap(\.text) ?? [] }

  fileprivate var signed: Int64? {
    guard case .number(let digits) = self else { return nil }
    return Int64(digits)
  }

  /// nil for what changes nothing: counters, logs, marks.
  fileprivate var expression: RuleExpression? {
    guard let (kind, value) = onlyMember else { return .unknown }
    switch kind {
    case "match":
      guard let field = value["left"]?.field, let right = value["right"] else { return .unknown }
      return .match(field: field, comparison: value["op"]?.text ?? "==", values: right.values)
    case "vmap":
      let field = value["key"]?.field ?? ""
      if let name = value["data"]?.text, name.hasPrefix("@") {
        return .namedVerdictMap(field: field, name: String(name.dropFirst()))
      }
      return .verdictMap(field: field, elements: value["data"]?["set"]?.array?.map(\.element) ?? [])
    case "xt":
      // What iptables' own extensions do is not told; of the targets only this one drops.
      if value["name"]?.text == "REJECT" { return .verdict(.drop) }
      return value["type"]?.text == "target" ? nil : .unknown
    case "counter", "log", "mangle", "notrack", "set", "map", "dup", "flow", "comment", "secmark",
      "ct helper", "ct timeout", "ct expectation", "last", "tproxy":
      return nil
    default: return verdict.map { .verdict($0) } ?? .unknown
    }
  }

  /// What is decided; nil if it is no verdict.
  private var verdict: RuleExpression.Verdict? {
    guard let (kind, value) = onlyMember else { return nil }
    switch kind {
    case "drop", "reject": return .drop
    case "accept", "queue", "snat", "dnat", "masquerade", "redirect", "fwd", "synproxy":
      return .pass
    case "return": return .comeBack
    case "continue": return .carryOn
    case "jump": return .jump(value["target"]?.text ?? "")
    case "goto": return .goTo(value["target"]?.text ?? "")
    default: return nil
    }
  }

  /// "tcp dport", "meta iifname"; nil for what is no plain field.
  private var field: String? {
    guard let (kind, value) = onlyMember else { return nil }
    switch kind {
    case "payload":
      guard let base = value["protocol"]?.text, let field = value["field"]?.text else { return nil }
      return "\(base) \(field)"
    case "meta": return value["key"]?.text.map { "meta \($0)" }
    default: return nil
    }
  }

  /// The values of a match's right side: one, a list, or an anonymous set.
  private var values: [RuleExpression.Value] {
    if let list = self["set"]?.array ?? array { return list.map(\.value) }
    return [value]
  }

  private var value: RuleExpression.Value {
    switch self {
    case .number: return integer.map { .numbers($0...$0) } ?? .unknown
    case .text(let text):
      if text.hasPrefix("@") { return .set(String(text.dropFirst())) }
      guard let range = IPAddress(text: text).flatMap({ AddressRange($0, $0) }) else {
        return .text(text)
      }
      return .addresses(range)
    case .object:
      if let inside = self["elem"]?["val"] { return inside.value }
      if let prefix = self["prefix"] {
        guard let address = prefix["addr"]?.text.flatMap({ IPAddress(text: $0) }),
          let length = prefix["len"]?.integer
        else { return .unknown }
        return AddressRange(address, prefixLength: length).map { .addresses($0) } ?? .unknown
      }
      guard let ends = self["range"]?.array, ends.count == 2 else { return .unknown }
      switch (ends[0].value, ends[1].value) {
      case (.numbers(let first), .numbers(let last)) where first.lowerBound <= last.upperBound:
        return .numbers(first.lowerBound...last.upperBound)
      case (.addresses(let first), .addresses(let last)):
        return AddressRange(first.first, last.last).map { .addresses($0) } ?? .unknown
      default: return .unknown
      }
    default: return .unknown
    }
  }

  /// An element of a set, or of a map with its verdict.
  fileprivate var element: RuleExpression.Element {
    guard let pair = array, pair.count == 2 else { return RuleExpression.Element(value: value) }
    return RuleExpression.Element(value: pair[0].value, verdict: pair[1].verdict)
  }
}
