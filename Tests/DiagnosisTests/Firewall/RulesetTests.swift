import Bytes
import DropModel
import Packets
import Testing

@testable import Diagnosis

/// Which rule may have dropped a packet, from what nft 1.0.6 writes.
struct RulesetTests {
  /// A ruleset of one inet table "filter" with these rules in the chain "input", from handle 1 on.
  private static func ruleset(
    _ rules: [String], policy: String = "accept", others: [String] = []
  ) throws -> Ruleset {
    let table = [
      #"{"table": {"family": "inet", "name": "filter", "handle": 1}}"#,
      """
      {"chain": {"family": "inet", "table": "filter", "name": "input", "handle": 90,
        "type": "filter", "hook": "input", "prio": 0, "policy": "\(policy)"}}
      """,
    ]
    let input = rules.enumerated().map { rule($1, in: "input", handle: $0 + 1) }
    let all = (table + others + input).joined(separator: ", ")
    let bytes = Array(#"{"nftables": [{"metainfo": {"version": "1.0.6"}}, \#(all)]}"#.utf8)
    return try Ruleset(json: bytes.span.raw)
  }

  private static func rule(_ expressions: String, in chain: String, handle: Int) -> String {
    """
    {"rule": {"family": "inet", "table": "filter", "chain": "\(chain)", "handle": \(handle),
      "expr": [\(expressions)]}}
    """
  }

  private static func match(_ left: String, _ right: String, _ comparison: String = "==") -> String
  {
    #"{"match": {"op": "\#(comparison)", "left": \#(left), "right": \#(right)}}"#
  }

  private static func payload(_ base: String, _ field: String) -> String {
    #"{"payload": {"protocol": "\#(base)", "field": "\#(field)"}}"#
  }

  private static func meta(_ key: String) -> String { #"{"meta": {"key": "\#(key)"}}"# }

  private static let drop = #"{"drop": null}"#
  private static let accept = #"{"accept": null}"#
  private static let connection = match(#"{"ct": {"key": "state"}}"#, #""invalid""#, "in")

  /// 10.0.0.1:4000 > 10.0.0.2:22 by TCP, that came in on vb and is for this machine.
  private static let packet: FirewallPacket = {
    var packet = FirewallPacket(count: 3)
    (packet.networkProtocol, packet.transport) = ("ipv4", "tcp")
    packet.source = IPAddress(v4: 0x0A00_0001)
    packet.destination = IPAddress(v4: 0x0A00_0002)
    (packet.sourcePort, packet.destinationPort) = (4000, 22)
    packet.place = .device("vb")
    (packet.isSourceLocal, packet.isDestinationLocal) = (false, true)
    return packet
  }()

  private static func handles(_ suspicion: RuleSuspicion) -> [UInt64?] {
    suspicion.suspects.map(\.name.handle)
  }

  /// A condition before a drop, and what is known of it.
  static let conditions: [(name: String, expression: String, certain: Bool?)] = [
    ("port", match(payload("tcp", "dport"), "22"), true),
    ("other port", match(payload("tcp", "dport"), "80"), nil),
    ("source port", match(payload("tcp", "sport"), "4000"), true),
    ("port of a set", match(payload("tcp", "dport"), #"{"set": [80, {"range": [20, 30]}]}"#), true),
    ("port of no set", match(payload("tcp", "dport"), #"{"set": [80, {"range": [30, 40]}]}"#), nil),
    ("not a port", match(payload("tcp", "dport"), "443", "!="), true),
    ("not this port", match(payload("tcp", "dport"), "22", "!="), nil),
    ("not of these", match(payload("tcp", "dport"), #"{"set": [80, 22]}"#, "!="), nil),
    ("ports below", match(payload("tcp", "dport"), "1024", "<"), true),
    ("ports from", match(payload("tcp", "dport"), "1024", ">="), nil),
    ("port of any transport", match(payload("th", "dport"), "22"), true),
    ("another transport's port", match(payload("udp", "dport"), "22"), nil),
    ("not another transport's port", match(payload("udp", "dport"), "1", "!="), nil),
    ("transport", match(meta("l4proto"), #"{"set": ["udp", "tcp"]}"#), true),
    ("other transport", match(meta("l4proto"), #""udp""#), nil),
    ("transport by IP", match(payload("ip", "protocol"), #""tcp""#), true),
    ("version", match(meta("nfproto"), #""ipv4""#), true),
    ("other version", match(meta("nfproto"), #""ipv6""#), nil),
    ("source", match(payload("ip", "saddr"), #""10.0.0.1""#), true),
    (
      "network",
      match(payload("ip", "saddr"), #"{"prefix": {"addr": "10.0.0.0", "len": 30}}"#), true
    ),
    (
      "other network",
      match(payload("ip", "saddr"), #"{"prefix": {"addr": "10.0.0.4", "len": 30}}"#), nil
    ),
    ("range", match(payload("ip", "daddr"), #"{"range": ["10.0.0.2", "10.0.0.9"]}"#), true),
    ("address of IPv6", match(payload("ip6", "saddr"), #""fe80::1""#), nil),
    ("named set", match(payload("ip", "saddr"), #""@good""#), true),
    ("not of a named set", match(payload("ip", "saddr"), #""@good""#, "!="), nil),
    ("unknown set", match(payload("ip", "saddr"), #""@gone""#), false),
    ("device", match(meta("iifname"), #""vb""#), true),
    ("devices by a star", match(meta("iifname"), #""v*""#), true),
    ("other device", match(meta("iif"), #""lo""#), nil),
    ("no output device here", match(meta("oifname"), #""vb""#), nil),
    ("a connection's state", connection, false),
    ("a mark", match(meta("mark"), "1"), false),
    ("a limit", #"{"limit": {"rate": 10, "per": "second"}}"#, false),
    ("flags", match(##"{"&": [\##(payload("tcp", "flags")), "syn"]}"##, "0"), false),
    ("a log", #"{"log": {"prefix": "x"}}"#, true),
    ("something new", #"{"telepathy": {"with": "anybody"}}"#, false),
    ("a counter that never moved", #"{"counter": {"packets": 0, "bytes": 0}}"#, nil),
    ("a counter that moved once", #"{"counter": {"packets": 3, "bytes": 180}}"#, true),
  ]

  @Test(arguments: conditions)
  func `a condition is judged`(name: String, expression: String, certain: Bool?) throws {
    let set = """
      {"set": {"family": "inet", "name": "good", "table": "filter", "type": "ipv4_addr",
        "elem": [{"elem": {"val": "10.0.0.1", "timeout": 60}}, "10.0.0.7"]}}
      """
    let ruleset = try Self.ruleset(["\(expression), \(Self.drop)"], others: [set])
    let suspects = ruleset.suspicion(of: [Self.packet], drops: 3, moved: [:]).suspects
    #expect(suspects.map(\.isCertain) == (certain.map { [$0] } ?? []), "\(name)")
  }

  @Test func `what is accepted before was not dropped, what may be is less certain`() throws {
    let web = Self.match(Self.payload("tcp", "dport"), "80")
    let ssh = Self.match(Self.payload("tcp", "dport"), "22")
    let early = try Self.ruleset(
      ["\(ssh), \(Self.accept)", "\(ssh), \(Self.drop)"], policy: "drop")
    #expect(early.suspicion(of: [Self.packet], drops: 3, moved: [:]).suspects.isEmpty)
    let late = try Self.ruleset(
      ["\(web), \(Self.drop)", "\(web), \(Self.accept)", "\(ssh), \(Self.drop)"], policy: "drop")
    let suspicion = late.suspicion(of: [Self.packet], drops: 3, moved: [:])
    #expect(Self.handles(suspicion) == [3] && suspicion.clarity == .proven)
    let maybe = try Self.ruleset(["\(Self.connection), \(Self.accept)", Self.drop])
    #expect(
      maybe.suspicion(of: [Self.packet], drops: 3, moved: [:]).suspects.map(\.isCertain) == [false])
  }

  @Test func `a policy drops what no rule decides`() throws {
    let web = Self.match(Self.payload("tcp", "dport"), "80")
    let ruleset = try Self.ruleset(["\(web), \(Self.accept)"], policy: "drop")
    let suspicion = ruleset.suspicion(of: [Self.packet], drops: 3, moved: [:])
    #expect(suspicion.suspects.map(\.name.description) == ["inet filter input"])
    #expect(suspicion.clarity == .proven)
  }

  @Test func `the certain one comes before those that nobody can tell`() throws {
    let ruleset = try Self.ruleset(["\(Self.connection), \(Self.drop)", Self.drop])
    let suspicion = ruleset.suspicion(of: [Self.packet], drops: 3, moved: [:])
    #expect(Self.handles(suspicion) == [1, 2])
    #expect(suspicion.clarity == .none)
  }

  @Test func `the counter that moved tells`() throws {
    let counter = #"{"counter": {"packets": 30, "bytes": 1}}"#
    let ruleset = try Self.ruleset(
      (0..<4).map { _ in "\(Self.connection), \(counter), \(Self.drop)" } + [
        "\(Self.connection), \(Self.drop)"
      ])
    func name(_ handle: UInt64) -> RuleName {
      RuleName(family: "inet", table: "filter", chain: "input", handle: handle)
    }
    let moved = [name(1): UInt64(0), name(2): 0, name(3): 3, name(4): 0]
    let suspicion = ruleset.suspicion(of: [Self.packet], drops: 3, moved: moved)
    #expect(Self.handles(suspicion) == [3, 5])
    #expect(suspicion.clarity == .proven)
    #expect(ruleset.suspicion(of: [Self.packet], drops: 30, moved: moved).clarity == .likely)
    let both = moved.merging([name(1): 9]) { $1 }
    #expect(ruleset.suspicion(of: [Self.packet], drops: 3, moved: both).clarity == .none)
  }

  @Test func `a counter before the conditions does not tell`() throws {
    let counter = #"{"counter": {"packets": 30, "bytes": 1}}"#
    let ruleset = try Self.ruleset(["\(counter), \(Self.connection), \(Self.drop)", Self.drop])
    let name = RuleName(family: "inet", table: "filter", chain: "input", handle: 1)
    let suspicion = ruleset.suspicion(of: [Self.packet], drops: 3, moved: [name: 30])
    #expect(suspicion.suspects.map(\.moved) == [nil, nil])
    #expect(suspicion.clarity == .none)
    let other = ruleset.suspicion(of: [Self.packet], drops: 3, moved: [name: 0])
    #expect(Self.handles(other) == [2] && other.clarity == .proven)
  }

  @Test func `jumps are followed, and come back`() throws {
    let others = [
      #"{"chain": {"family": "inet", "table": "filter", "name": "side", "handle": 91}}"#,
      Self.rule(
        #"\#(Self.match(Self.payload("tcp", "dport"), "80")), {"return": null}"#, in: "side",
        handle: 50),
      Self.rule(Self.drop, in: "side", handle: 51),
    ]
    let jump = #"{"jump": {"target": "side"}}"#
    let ruleset = try Self.ruleset([jump, Self.drop], others: others)
    #expect(Self.handles(ruleset.suspicion(of: [Self.packet], drops: 3, moved: [:])) == [51])
    var web = Self.packet
    web.destinationPort = 80
    #expect(Self.handles(ruleset.suspicion(of: [web], drops: 3, moved: [:])) == [2])
    let goTo = try Self.ruleset([#"{"goto": {"target": "side"}}"#, Self.drop], others: others)
    #expect(goTo.suspicion(of: [web], drops: 3, moved: [:]).suspects.isEmpty)
  }

  @Test func `a map of verdicts is looked up`() throws {
    let map = """
      {"map": {"family": "inet", "name": "ports", "table": "filter", "type": "inet_service",
        "map": "verdict", "elem": [[22, {"drop": null}], [80, {"accept": null}]]}}
      """
    for data in [#""@ports""#, #"{"set": [[22, {"drop": null}], [80, {"accept": null}]]}"#] {
      let rule = #"{"vmap": {"key": \#(Self.payload("tcp", "dport")), "data": \#(data)}}"#
      let ruleset = try Self.ruleset([rule, Self.drop], others: [map])
      #expect(Self.handles(ruleset.suspicion(of: [Self.packet], drops: 3, moved: [:])) == [1])
      var other = Self.packet
      other.destinationPort = 23
      #expect(Self.handles(ruleset.suspicion(of: [other], drops: 3, moved: [:])) == [2])
      other.destinationPort = 80
      #expect(ruleset.suspicion(of: [other], drops: 3, moved: [:]).suspects.isEmpty)
    }
  }

  @Test func `chains that jump to each other come to an end`() throws {
    let chains = (0..<20).map {
      #"{"chain": {"family": "inet", "table": "filter", "name": "c\#($0)", "handle": 1}}"#
    }
    let rules = (0..<20).flatMap { chain in
      (0..<3).map {
        Self.rule(
          #"{"jump": {"target": "c\#((chain + 1) % 20)"}}"#, in: "c\(chain)", handle: 100 + $0)
      }
    }
    let ruleset = try Self.ruleset(
      [#"{"jump": {"target": "c0"}}"#, Self.drop], others: chains + rules)
    let suspects = ruleset.suspicion(of: [Self.packet], drops: 3, moved: [:]).suspects
    #expect(suspects.allSatisfy { !$0.isCertain })
  }

  @Test func `only hooks that the packet can be at are asked`() throws {
    let ruleset = try Self.ruleset([Self.drop])
    var forwarded = Self.packet
    forwarded.isDestinationLocal = false
    #expect(ruleset.suspicion(of: [forwarded], drops: 3, moved: [:]).suspects.isEmpty)
    var sent = Self.packet
    (sent.place, sent.isSourceLocal, sent.isDestinationLocal) = (.beforeDevice, true, false)
    #expect(ruleset.suspicion(of: [sent], drops: 3, moved: [:]).suspects.isEmpty)
    let nothing = FirewallPacket(count: 0)
    #expect(
      ruleset.suspicion(of: [nothing], drops: 3, moved: [:]).suspects.map(\.isCertain) == [false])
  }

  @Test func `each truncation of a listing is refused`() {
    let text = #"{"nftables": [{"rule": {"handle": 1, "expr": [{"drop": null}]}}]}"#
    for length in 0..<text.utf8.count {
      let bytes = Array(text.utf8.prefix(length))
      #expect(throws: JSONError.self) { try Ruleset(json: bytes.span.raw) }
    }
  }

  @Test(arguments: [
    #"{"nftables": 7}"#, #"[]"#, #"{"other": []}"#,
  ])
  func `another program's JSON is refused`(text: String) {
    let bytes = Array(text.utf8)
    #expect(throws: JSONError.self) { try Ruleset(json: bytes.span.raw) }
  }

  @Test(arguments: [
    #"null"#, #"{}"#, #"[[[]]]"#, #"{"match": null}"#, #"{"match": {"left": 1, "right": {}}}"#,
    #"{"vmap": {"key": [], "data": 5}}"#, #"{"jump": {"target": 5}}"#, #"{"goto": null}"#,
    match(payload("ip", "saddr"), #"{"prefix": {"addr": "10.0.0.0", "len": 129}}"#),
    match(payload("ip", "saddr"), #"{"prefix": {"addr": 5, "len": -1}}"#),
    match(payload("ip", "saddr"), #"{"range": ["10.0.0.9", "10.0.0.1"]}"#),
    match(payload("tcp", "dport"), #"{"range": [9, 1]}"#),
    match(payload("tcp", "dport"), #"{"range": []}"#),
    match(payload("tcp", "dport"), "99999999999999999999"), match(meta("l4proto"), "null", "<"),
  ])
  func `absurd rules make nothing certain`(expression: String) throws {
    let ruleset = try Self.ruleset(["\(expression), \(Self.drop)"])
    let suspects = ruleset.suspicion(of: [Self.packet], drops: 3, moved: [:]).suspects
    #expect(suspects.allSatisfy { !$0.isCertain })
  }

  @Test func `a rule's text is what nft writes, on however many lines`() {
    let listing = """
      table inet filter {
      \tchain input { # handle 1
      \t\tcomment "chain # handle 9"
      \t\ttype filter hook input priority filter; policy drop;
      \t\ttcp dport 22 drop # handle 7
      \t\tip saddr { 10.0.0.1,
      \t\t\t     10.0.0.2 } drop comment "odd # handle 9" # handle 8
      \t}
      }
      """
    func text(_ handle: UInt64) -> String? {
      RuleName(family: "inet", table: "filter", chain: "input", handle: handle).text(in: listing)
    }
    #expect(text(7) == "tcp dport 22 drop")
    #expect(text(8) == #"ip saddr { 10.0.0.1, 10.0.0.2 } drop comment "odd # handle 9""#)
    #expect(text(1) == nil && text(9) == nil)
  }

  @Test func `names that a shell takes for more are not for commands`() {
    func isPlain(_ chain: String) -> Bool {
      RuleName(family: "inet", table: "filter", chain: chain).isPlain
    }
    #expect(["input", "DOCKER-USER", "cali-from.wl/1", "f2b_sshd"].allSatisfy(isPlain))
    #expect(!["", "-f", "a b", "a;b", "$(a)", "a\nb", "ä", "a`b"].contains(where: isPlain))
  }

  @Test(arguments: [
    ("10.0.0.0", 8, "10.255.255.255", "11.0.0.0"), ("10.0.0.1", 32, "10.0.0.1", "10.0.0.2"),
    ("0.0.0.0", 0, "255.255.255.255", "::1"), ("fe80::", 10, "febf::1", "fec0::"),
    ("2001:db8::", 64, "2001:db8::ffff:0:0:1", "2001:db8:0:1::"), ("::1", 128, "::1", "::2"),
    ("2001:db8::8000:0:0:0", 65, "2001:db8::ffff:0:0:1", "2001:db8::1"),
  ])
  func `a network has its addresses`(
    network: String, length: UInt64, inside: String, outside: String
  ) throws {
    let first = try #require(IPAddress(text: network))
    let range = try #require(AddressRange(first, prefixLength: length))
    #expect(range.contains(try #require(IPAddress(text: inside))))
    #expect(!range.contains(try #require(IPAddress(text: outside))))
  }
}
