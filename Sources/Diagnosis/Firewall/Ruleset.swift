/// The tables, chains and rules of nftables in one network namespace, as far as they tell which rule
/// drops a packet; iptables-nft writes its own there as well.
package struct Ruleset: Equatable, Sendable {
  /// Those of lower priority first, as packets pass them at a hook.
  package internal(set) var chains: [Chain] = []
  /// What named sets and maps hold.
  var sets: [SetName: [RuleExpression.Element]] = [:]

  /// A set's name is good in its table.
  struct SetName: Hashable, Sendable {
    var family: String
    var table: String
    var name: String
  }

  /// A list of rules.
  package struct Chain: Equatable, Sendable {
    /// Its own name, which is its policy's as well: without a handle.
    package var name: RuleName
    /// Where packets come to it by themselves: "input"; nil if only rules lead here.
    package var hook: String?
    /// Whether it drops what no rule decides.
    package var dropsByPolicy: Bool
    /// Lower ones come first.
    var priority: Int64
    /// The devices that it is at; empty for all, and where nft does not tell.
    var devices: [String]
    package var rules: [Rule] = []
  }

  /// One rule.
  package struct Rule: Equatable, Sendable {
    package var handle: UInt64
    /// What its counter has counted since ever; nil without one.
    package var packets: UInt64?
    /// Whether its counter stands behind all conditions, and so counts what it decides.
    var countsWhatItDecides = false
    var expressions: [RuleExpression]
  }
}

/// Names a rule, or a chain's policy, as nft(8)'s commands take it.
package struct RuleName: Hashable, Sendable, CustomStringConvertible {
  /// "ip", "ip6", "inet", "arp", "bridge", "netdev".
  package var family: String
  package var table: String
  package var chain: String
  /// nil for the chain itself and its policy.
  package var handle: UInt64?

  package init(family: String, table: String, chain: String, handle: UInt64? = nil) {
    self.family = family
    self.table = table
    self.chain = chain
    self.handle = handle
  }

  /// "inet filter input handle 7", "inet filter input".
  package var description: String {
    "\(family) \(table) \(chain)" + (handle.map { " handle \($0)" } ?? "")
  }

  package var ofChain: RuleName { RuleName(family: family, table: table, chain: chain) }

  /// Whether its names may stand in a command as they are.
  ///
  /// The kernel takes any text; nft(8) and a shell would take some for something else.
  package var isPlain: Bool {
    [family, table, chain].allSatisfy { word in
      !word.isEmpty && !word.hasPrefix("-") && word.utf8.allSatisfy { Self.plain.contains($0) }
    }
  }

  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./".utf8)
}

/// One step of a rule, as far as it matters here.
enum RuleExpression: Equatable, Sendable {
  /// Goes on if a field compares so with any of the values.
  case match(field: String, comparison: String, values: [Value])
  /// Looks the field up for a verdict; goes on if it is not there.
  case verdictMap(field: String, elements: [Element])
  /// As the map of that name says.
  case namedVerdictMap(field: String, name: String)
  case verdict(Verdict)
  /// Goes on or not, by something that a packet alone does not tell: limits, connections.
  case unknown

  /// Whether it lets no packet go on that comes to it.
  var isVerdict: Bool {
    if case .verdict = self { return true }
    return false
  }

  /// What a rule decides.
  enum Verdict: Equatable, Sendable {
    case drop
    /// Ends the chain for good in another way: accept, queue, address translation.
    case pass
    case jump(String)
    case goTo(String)
    case comeBack
    case carryOn
  }

  /// What a field is compared with.
  enum Value: Equatable, Sendable {
    case text(String)
    case numbers(ClosedRange<UInt64>)
    case addresses(AddressRange)
    /// The set of that name.
    case set(String)
    case unknown
  }

  /// An element of a set or of a map.
  struct Element: Equatable, Sendable {
    var value: Value
    /// nil in a set.
    var verdict: Verdict?
  }
}
