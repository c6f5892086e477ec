import DropLab
import Glibc
import Testing

/// The live values of a diagnosis on real drops: they are what the lab has set.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct EvidenceTests {
  private typealias Outcome = (
    answer: DiagnoseTests.Answer, status: Int32, namespace: UInt64
  )

  /// What the findings of a reason or function in the lab's namespace say.
  private func ask(_ question: String, of finding: String, _ outcome: Outcome) throws -> String {
    try outcome.answer.ask(
      """
      [\(question) for f in d['findings']
        if f['name'] == '\(finding)' and f.get('netns', {}).get('inode') == \(outcome.namespace)]
      """)
  }

  private func evidence(of finding: String, _ outcome: Outcome) throws -> String {
    try ask("[e['name'] + ': ' + str(e['value']) for e in f['evidence']]", of: finding, outcome)
  }

  static let cases: [(name: String, finding: String, evidence: String)] = [
    ("neighbour-failed", "NEIGH_FAILED", "neighbour 10.77.0.50 on va: FAILED"),
    ("neighbour-queue-full", "NEIGH_QUEUEFULL", "neighbour 10.77.0.50 on va: INCOMPLETE"),
    ("neighbour-failed", "NEIGH_FAILED", "route to 10.77.0.50: on the link on va"),
    ("rp-filter", "IP_RPFILTER", "route back to 192.0.2.66: no route (network is unreachable)"),
    ("rp-filter", "IP_RPFILTER", "route to 10.77.0.2: refused, as 192.0.2.66 cannot come"),
    ("no-route", "IP_INNOROUTES", "route to 198.51.100.7: no route (network is unreachable)"),
    ("ip6-no-route", "IP_INNOROUTES", "route to 2001:db8:9::7: no route (network is unreachable)"),
    ("blackhole-route", "ip_error", "route to 198.51.100.7: refused (a blackhole route"),
    ("blackhole-route", "ip_error", "route back to 10.77.0.1: on the link on vb"),
    ("not-forwarding", "IP_INADDRERRORS", "addresses of vb: 10.77.0.2/24"),
    ("not-forwarding", "IP_INADDRERRORS", "destination 198.51.100.7: not an address of"),
    ("local-source", "IP_LOCAL_SOURCE", "source 10.77.0.2: this namespace's own"),
    ("bridge-port-listening", "BRIDGE_INGRESS_STP_STATE", "port vb of br0: listening'"),
    ("bridge-port-listening", "BRIDGE_INGRESS_STP_STATE", "bridge br0: 1 port (1 listening), span"),
    ("udp-ipsec-policy", "XFRM_POLICY", "xfrm policy in: 10.77.0.1/32 > 10.77.0.2/32, block"),
    ("ipsec-policy-forward", "XFRM_POLICY", "policy fwd: 10.77.0.1/32 > 198.51.100.0/24, block"),
    ("ipsec-policy-forward", "XFRM_POLICY", "route to 198.51.100.7: by 10.78.0.2 on vc"),
  ]

  @Test(arguments: cases)
  func `a live value is what the lab has set`(
    name: String, finding: String, evidence: String
  ) throws {
    let found = try self.evidence(of: finding, DiagnoseTests.diagnose(name))
    #expect(found.contains(evidence), "\(found)")
  }

  @Test func `a filter by reverse path is told the other device that leads back`() throws {
    let provocation = Provocation(
      "two-ways", "an answer that would go another way",
      Expectation("IP_RPFILTER", 5, at: ["ip_rcv_finish_core"])
    ) { lab in
      let (a, b, _) = try lab.router()
      try b.set("ipv4/conf/all/rp_filter", 1)
      let sender = try PacketSender(lab, a, "va")
      try lab.arm()
      try sender.send(UDPDatagram(from: .far).frame, count: 5)
    }
    let found = try evidence(of: "IP_RPFILTER", DiagnoseTests.diagnose(provocation))
    #expect(found.contains("route back to 198.51.100.7: by 10.78.0.2 on vc"), "\(found)")
  }

  @Test func `what fragments hold is told with the limit of their namespace`() throws {
    let provocation = Provocation(
      "held-fragments", "fragments wait, and the time of one has run out",
      Expectation("FRAG_REASM_TIMEOUT", 1, at: ["ip_expire"])
    ) { lab in
      let (a, b) = try lab.pair()
      try b.set("ipv4/ipfrag_high_thresh", 8_000_000)
      try b.set("ipv4/ipfrag_time", 0)
      let sender = try PacketSender(lab, a, "va")
      let first = { (identification: UInt16) in
        EthernetFrame(
          IPv4Packet(17, UDPDatagram([UInt8](repeating: 0, count: 56)).bytes) {
            $0.identification = identification
            $0.moreFragments = true
          }.bytes
        ).bytes
      }
      try lab.arm()
      try sender.send(first(1))
      lab.pause(milliseconds: 100)
      // These wait for longer than the look takes.
      try b.set("ipv4/ipfrag_time", 300)
      for identification in UInt16(2)...4 { try sender.send(first(identification)) }
    }
    let outcome = try DiagnoseTests.diagnose(provocation)
    let found = try evidence(of: "FRAG_REASM_TIMEOUT", outcome)
    let held = found.firstRange(of: "memory of FRAG: ").map { found[$0.upperBound...] } ?? ""
    let used = Int(held.prefix { $0 != " " }.filter { $0.isNumber }) ?? 0
    #expect(used > 0, "\(found)")
    #expect(held.contains("of 8,000,000 (net.ipv4.ipfrag_high_thresh) bytes"), "\(found)")
  }

  @Test func `a CPU whose backlog was full is named with what it dropped`() throws {
    let limit = try #require(
      Int(try KernelFile.text(of: "/proc/sys/net/core/netdev_max_backlog").filter { $0.isNumber }))
    try #require(limit <= 20_000, "the machine's backlog is too long to be filled here")
    // So many copies of one packet that they overflow the queue before it is looked at.
    let copies = [String](repeating: "dup to \"vm\";", count: limit + 50).joined(separator: " ")
    let provocation = Provocation(
      "cpu-backlog", "copies of one packet fill a CPU's backlog",
      Expectation("CPU_BACKLOG", 1, at: ["enqueue_to_backlog"])
    ) { lab in
      let (a, b) = try lab.pair()
      try a.ip("link add vm type veth peer name vn netns \(b.name)", "link set vm up")
      try b.ip("link set vn up")
      try a.nft(
        "table netdev lab { chain e { type filter hook egress device va priority 0; \(copies) }; }")
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try lab.arm()
      try client.send(to: .b, 9_000)
    }
    let outcome = try DiagnoseTests.diagnose(provocation)
    let found = try evidence(of: "CPU_BACKLOG", outcome)
    let drops = Int(try ask("f['drops']", of: "CPU_BACKLOG", outcome).filter { $0.isNumber }) ?? 0
    #expect(drops > 0)
    let told = try #require(found.firstRange(of: " dropped, "), "\(found)")
    let digits = found[..<told.lowerBound].reversed().prefix { $0.isNumber || $0 == "," }
    let dropped = Int(String(digits.reversed()).filter { $0.isNumber })
    #expect(dropped == drops, "\(found)")
    #expect(found.contains("softnet cpu"), "\(found)")
    // The limit is the machine's: other namespaces do not show it, and commands must not go there for it.
    #expect(found.contains("net.core.netdev_max_backlog: \(limit)"), "\(found)")
    let fixes = try ask("[x.get('run') for x in f['fixes']]", of: "CPU_BACKLOG", outcome)
    #expect(fixes.contains("'sysctl -w net.core.netdev_max_backlog=\(limit * 4)'"), "\(fixes)")
  }

  @Test(arguments: [
    ("vxlan-unknown-network", "VXLAN_VNI_NOT_FOUND", "ip link set dev vxlan"),
    ("neighbour-failed", "NEIGH_FAILED", "ip neigh replace 10.77.0.50 "),
    ("too-big", "PKT_TOO_BIG", "ip link set dev vb mtu 1500"),
  ])
  func `commands get the next hop, the network and the MTU`(
    name: String, finding: String, command: String
  ) throws {
    let outcome = try DiagnoseTests.diagnose(name)
    let found = try ask(
      "[c for x in f['fixes'] for c in (x.get('run', ''), x.get('undo', ''))]", of: finding,
      outcome)
    #expect(found.contains(command), "\(found)")
    #expect(!found.contains("{vni}") && !found.contains("{nexthop}"), "\(found)")
  }
}
