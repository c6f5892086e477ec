import DropLab
import Glibc
import Testing

/// Which rule or filter dropped it, in `dropwatch diagnose`, on real drops among decoys.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct RuleEvidenceTests {
  /// Rules of the namespace that drops, which of them it is, and how sure that can be.
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var rules: String
    /// "inet lab i"; the rest of the line in nft's words.
    var chain: String
    var rule: String
    var confidence = "high"
    var isSent = false

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "among rules of one chain",
      rules: """
        table inet lab {
          set others { type ipv4_addr; flags interval; elements = { 10.99.0.0/16, 10.77.0.9 }; };
          chain i {
            type filter hook input priority 0; policy accept;
            tcp dport 9000 drop; udp dport 9001 drop; iifname "lo" drop; meta nfproto ipv6 drop;
            ip saddr @others drop; ip saddr 10.77.0.1 udp dport { 53, 123 } drop;
            udp dport 9001 accept; ip saddr 10.77.0.0/24 udp dport 8999-9000 drop; udp dport 9000 drop;
          };
          chain f { type filter hook forward priority 0; policy drop; };
          chain o { type filter hook output priority 0; udp dport 9000 drop; };
        }
        """, chain: "inet lab i", rule: "ip saddr 10.77.0.0/24 udp dport 8999-9000 drop"),
    Case(
      name: "behind a jump, with a counter, after one that nobody can tell",
      rules: """
        table ip lab {
          chain side { tcp dport 1 return; counter drop; };
          chain i {
            type filter hook input priority 0; policy drop;
            ct state established accept; meta mark 7 counter drop; udp dport vmap { 9000 : jump side };
          };
        }
        """, chain: "ip lab side", rule: "counter"),
    Case(
      name: "two that nobody can tell apart but by counters",
      rules: """
        table inet lab {
          chain i {
            type filter hook input priority 0;
            meta mark 7 counter drop; meta mark 0 counter drop; meta mark 8 counter drop;
          };
        }
        """, chain: "inet lab i", rule: "meta mark 0x00000000 counter"),
    Case(
      name: "one that fits, after one that nobody can tell",
      rules: """
        table inet lab {
          chain i { type filter hook input priority 0; udp dport 9000 drop; meta mark 0 drop; };
          chain j { type filter hook prerouting priority 0; meta mark 7 drop; };
        }
        """, chain: "inet lab i", rule: "udp dport 9000 drop", confidence: "medium"),
    Case(
      name: "where it is sent",
      rules: """
        table inet lab {
          chain i { type filter hook input priority 0; udp dport 9000 drop; };
          chain o { type filter hook output priority 0; udp dport 9000 reject; };
        }
        """, chain: "inet lab o", rule: "udp dport 9000 reject", isSent: true),
    Case(
      name: "before IP sees it",
      rules: """
        table netdev lab {
          chain i {
            type filter hook ingress device "vb" priority 0; tcp dport 9000 drop; udp dport 9000 drop;
          };
        }
        table inet lab { chain i { type filter hook input priority 0; udp dport 9000 drop; }; }
        """, chain: "netdev lab i", rule: "udp dport 9000 drop"),
  ]

  private static let ours = "f['name'] == 'NETFILTER_DROP'"

  /// Diagnoses one namespace while something is sent.
  private func diagnose(
    _ namespace: LabNamespace, wrapper: [String] = [], _ send: () throws -> Void
  ) throws -> DiagnoseTests.Answer {
    let program = try Program(
      ["diagnose", "--json", "--duration", "20s", "--netns", namespace.name], wrapper: wrapper)
    try program.wait(for: "\"blind\"")
    try send()
    // What a kernel thread drops may come a moment later.
    usleep(50_000)
    program.signal(SIGINT)
    _ = try program.exitStatus()
    return DiagnoseTests.Answer(object: program.output)
  }

  /// A handle as nft says it, of the line that begins with a rule.
  private func handle(of rule: String, in chain: String, _ namespace: LabNamespace) throws -> String
  {
    let words = ["nft", "-a", "list", "chain"] + chain.split(separator: " ").map(String.init)
    let listing = try namespace.inside { try Command.run(words) }
    let line = try #require(
      listing.split(separator: "\n").first { $0.drop { $0 == "\t" }.hasPrefix(rule) }, "\(listing)")
    return try #require(line.split(separator: " ").last.map(String.init))
  }

  private func shell(_ command: String) throws { try Command.run(["/bin/sh", "-c", command]) }

  @Test(arguments: cases)
  func `the rule is named with its text and handle, and its fix ends the drops`(
    expected: Case
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let dropper = expected.isSent ? a : b
    try dropper.nft(expected.rules)
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let send = { try client.send(to: .b, 9_000, count: 20) }
    let answer = try diagnose(dropper, send)
    let finding = "[f for f in d['findings'] if \(Self.ours)][0]"
    #expect(try answer.ask("\(finding)['drops']") == "20")
    #expect(try answer.ask("\(finding)['confidence']") == expected.confidence)

    let handle = try handle(of: expected.rule, in: expected.chain, dropper)
    let name = "\(expected.chain) handle \(handle)"
    let evidence = try answer.ask(
      "[e['value'] for e in \(finding)['evidence'] if e['name'] == 'nft rule'][0]")
    #expect(evidence.hasPrefix("\(name): \(expected.rule)"), "\(evidence)")

    let fix = try answer.ask(
      "[f['run'] for f in \(finding)['fixes'] if 'delete rule' in f.get('run', '')][0]")
    #expect(fix == "ip netns exec \(dropper.name) nft delete rule \(name)")
    let accept = try answer.ask("\(finding)['fixes'][0]['run']")
    #expect(
      accept.hasSuffix("insert rule \(expected.chain) ip saddr 10.77.0.1 accept"), "\(accept)")

    // Each fix by itself: what is accepted in one chain may be dropped in the next.
    let isLast = expected.confidence == "high" && !expected.rules.contains("netdev")
    if isLast {
      let added = try Command.run(["/bin/sh", "-c", accept])
      let after = try diagnose(dropper, send)
      #expect(try after.ask("[f['drops'] for f in d['findings'] if \(Self.ours)]") == "[]")
      let number = try #require(
        added.split(separator: "\n").last { $0.contains("# handle ") }?.split(separator: " ").last)
      try shell(
        "ip netns exec \(dropper.name) nft delete rule \(expected.chain) handle \(number)")
    }
    try shell(fix)
    // The rule behind it drops as well in some, which is then the one.
    let after = try diagnose(dropper, send)
    let others = try after.ask(
      "[e['value'] for f in d['findings'] if \(Self.ours) for e in f['evidence']]")
    #expect(!others.contains(name), "\(others)")
  }

  @Test func `rules of iptables are found as nft shows them`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    for words in [
      "-A INPUT -p tcp --dport 9000 -j DROP", "-A INPUT -p udp --dport 9001 -j DROP",
      "-A INPUT -p udp -m udp --dport 9000 -j DROP", "-P FORWARD DROP",
    ] {
      let arguments = words.split(separator: " ").map(String.init)
      _ = try b.inside { try Command.run(["iptables-nft"] + arguments) }
    }
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let send = { try client.send(to: .b, 9_000, count: 20) }
    let answer = try diagnose(b, send)
    let finding = "[f for f in d['findings'] if \(Self.ours)][0]"
    let evidence = try answer.ask("\(finding)['evidence'][0]['value']")
    let handle = try handle(of: "udp dport 9000", in: "ip filter INPUT", b)
    #expect(evidence.hasPrefix("ip filter INPUT handle \(handle): "), "\(evidence)")
    #expect(evidence.hasSuffix("; its counter moved by 20"))
    #expect(try answer.ask("\(finding)['confidence']") == "high")
    try shell(try answer.ask("\(finding)['fixes'][1]['run']"))
    let after = try diagnose(b, send)
    #expect(try after.ask("[f['drops'] for f in d['findings'] if \(Self.ours)]") == "[]")
  }

  @Test func `rules of iptables-legacy are only told to be there`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let words = "iptables-legacy -A INPUT -p udp --dport 9000 -j DROP".split(separator: " ")
    _ = try b.inside { try Command.run(words.map(String.init)) }
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let answer = try diagnose(b) { try client.send(to: .b, 9_000, count: 20) }
    let finding = "[f for f in d['findings'] if \(Self.ours)][0]"
    let evidence = try answer.ask("\(finding)['evidence'][:2]")
    #expect(evidence.contains("none: nftables has no rules in this namespace"), "\(evidence)")
    #expect(evidence.contains("has tables: filter; iptables-legacy-save -c shows"), "\(evidence)")
    #expect(try answer.ask("\(finding)['confidence']") == "medium")
  }

  @Test func `what a router forwards is asked of the forward hook's rules`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b, _) = try lab.router()
    try a.ip("route add 198.51.100.0/24 via 10.77.0.2")
    try b.nft(
      """
      table inet lab {
        chain i { type filter hook input priority 0; policy drop; };
        chain f {
          type filter hook forward priority 0;
          iifname "vc" drop; iifname "vb" udp dport 9000 drop; udp dport 9000 drop;
        };
      }
      """)
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let send = { try client.send(to: .far, 9_000, count: 20) }
    let answer = try diagnose(b, send)
    let finding = "[f for f in d['findings'] if \(Self.ours)][0]"
    let rule = #"iifname "vb" udp dport 9000 drop"#
    let handle = try handle(of: rule, in: "inet lab f", b)
    #expect(
      try answer.ask("\(finding)['evidence'][0]['value']") == "inet lab f handle \(handle): \(rule)"
    )
    #expect(try answer.ask("\(finding)['confidence']") == "high")
  }

  @Test func `a bridge's rule is found, as one that may have`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try b.ip(
      "addr flush dev vb", "link add br0 address 02:00:00:00:00:02 type bridge", "link set br0 up",
      "link set vb master br0")
    try b.nft(
      """
      table bridge lab {
        chain p {
          type filter hook prerouting priority 0;
          tcp dport 9000 drop; ip daddr 10.77.0.2 udp dport 9000 counter drop;
        };
      }
      """)
    let sender = try PacketSender(lab, a, "va")
    let answer = try diagnose(b) { try sender.send(UDPDatagram().frame, count: 20) }
    let finding = "[f for f in d['findings'] if \(Self.ours)][0]"
    #expect(try answer.ask("\(finding)['drops']") == "20")
    let evidence = try answer.ask("\(finding)['evidence'][0]['value']")
    let handle = try handle(of: "ip daddr 10.77.0.2 udp", in: "bridge lab p", b)
    #expect(evidence.hasPrefix("bridge lab p handle \(handle): ip daddr 10.77.0.2 udp dport 9000"))
    #expect(evidence.hasSuffix("its counter moved by 20"), "\(evidence)")
  }

  @Test func `a policy is named, also of IPv6, and its fix lets the source in`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair(ipv6: true)
    try b.nft(
      """
      table ip6 lab {
        chain i { type filter hook input priority 0; policy drop; ip6 nexthdr icmpv6 accept; };
      }
      table ip lab { chain i { type filter hook input priority 0; policy drop; }; }
      """)
    let client = try LabSocket(lab, a, .udp, ipv6: true).bind(.a6, 40_000)
    let send = { try client.send(to: .b6, 9_000, count: 20) }
    let answer = try diagnose(b, send)
    let finding = "[f for f in d['findings'] if \(Self.ours) and f['drops'] == 20][0]"
    #expect(
      try answer.ask("\(finding)['evidence'][0]['value']") == "ip6 lab i: policy drop")
    let fix = try answer.ask("\(finding)['fixes'][0]['run']")
    #expect(fix.hasSuffix("insert rule ip6 lab i ip6 saddr fd77::1 accept"), "\(fix)")
    try shell(fix)
    let after = try diagnose(b, send)
    #expect(try after.ask("[f['drops'] for f in d['findings'] if \(Self.ours)]") == "[]")
  }

  @Test(arguments: [
    ("exit 1", "nft -j -a list ruleset failed"),
    ("printf '{\"nftables\": [{'", "cannot be read"),
    ("yes 2>/dev/null", "wrote more than 16 MiB"),
  ])
  func `a program nft that fails is told`(script: String, problem: String) throws {
    let folder = try Command.run(["/bin/mktemp", "-d"]).split(separator: "\n")[0]
    defer { _ = try? Command.run(["/bin/rm", "-r", String(folder)]) }
    try shell("printf '%s\\n' '#!/bin/sh' \"$0\" > \(folder)/nft; chmod +x \(folder)/nft", script)
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try b.nft(
      """
      table inet lab {
        chain i { type filter hook input priority 0; udp dport 9000 counter drop; };
      }
      """)
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let answer = try diagnose(
      b, wrapper: ["/usr/bin/env", "PATH=\(folder):/usr/sbin:/usr/bin:/sbin:/bin"]
    ) { try client.send(to: .b, 9_000, count: 20) }
    let evidence = try answer.ask(
      """
      [e for f in d['findings'] if \(Self.ours) for e in f['evidence']
        if e['name'] == 'nft rule'][0]
      """)
    #expect(evidence.contains("'value': None") && evidence.contains(problem), "\(evidence)")
    // The kernel's own word needs no program.
    #expect(evidence.contains("counters that moved: inet lab i handle 2 by 20"), "\(evidence)")
  }

  private func shell(_ command: String, _ argument: String) throws {
    try Command.run(["/bin/sh", "-c", command, argument])
  }

  @Test(arguments: ["ingress", "egress"])
  func `the tc filter is named, and deleting it ends the drops`(direction: String) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let (dropper, device) = direction == "ingress" ? (b, "vb") : (a, "va")
    // A classic program that returns TC_ACT_SHOT, before and behind filters that do nothing.
    try dropper.tc(
      "qdisc add dev \(device) clsact",
      "filter add dev \(device) \(direction) pref 9 protocol all u32 match u32 0 0",
      "filter add dev \(device) \(direction) pref 11 bpf da bytecode '1,6 0 0 2'")
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let send = { try client.send(to: .b, 9_000, count: 20) }
    let answer = try diagnose(dropper, send)
    let finding = "[f for f in d['findings'] if f['name'] == 'TC_\(direction.uppercased())'][0]"
    #expect(try answer.ask("\(finding)['drops']") == "20")
    let evidence = try answer.ask(
      "[e['value'] for e in \(finding)['evidence'] if e['name'] == 'tc filter']")
    #expect(
      evidence == "['\(direction) of \(device): bpf direct-action pref 11 handle 0x1']",
      "\(evidence)")
    let fix = try answer.ask("[f['run'] for f in \(finding)['fixes'] if f.get('run')][0]")
    #expect(
      fix == "ip netns exec \(dropper.name) tc filter del dev \(device) \(direction) pref 11")
    try shell(fix)
    let after = try diagnose(dropper, send)
    #expect(
      try after.ask("[f['name'] for f in d['findings'] if f['name'].startswith('TC_')]") == "[]")
  }

  @Test func `a program that tc does not show is told as such`() throws {
    let (answer, _, namespace) = try DiagnoseTests.diagnose("tc-ingress")
    let evidence = try answer.ask(
      "[e['value'] for f in d['findings'] if f['name'] == 'TC_INGRESS' and f['netns']['inode'] == "
        + "\(namespace) for e in f['evidence'] if e['name'] == 'tc filter']")
    #expect(evidence == "['none on vb drops; a BPF program may (tcx)']")
  }
}
