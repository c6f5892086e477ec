import DropLab
import Glibc
import Testing

@testable import Commands
@testable import Diagnosis

/// What `dropwatch diagnose` tells of changes just before drops began.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct ChangesTests {
  /// A change in a lab, and drops that follow from it.
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    /// What must be told; one of them.
    let texts: [String]
    /// Whose namespace the drops are in.
    let role: LabRole
    /// Sets up, and returns the change and what drops then.
    let prepare: @Sendable (Lab) throws -> (change: () throws -> Void, drop: () throws -> Void)
  }

  static let cases: [Case] = [
    Case(
      description: "a route that is deleted",
      texts: ["route 198.51.100.0/24 via 10.78.0.2 by vc removed"], role: .b
    ) { lab in
      let (a, b, _) = try lab.router()
      let sender = try PacketSender(lab, a, "va")
      return (
        { try b.ip("route del 198.51.100.0/24") },
        { try sender.send(UDPDatagram(to: .far).frame, count: 10) }
      )
    },
    Case(
      description: "the other end of a link that is set down",
      texts: ["link va went down (no carrier)"], role: .a
    ) { lab in
      let (a, b) = try lab.pair()
      let sender = try PacketSender(lab, a, "va")
      return (
        {
          try b.ip("link set vb down")
          // Asking for it runs what the kernel does in the background.
          _ = try Command.run(["ip", "-n", a.name, "link", "show", "dev", "va"])
        },
        { try? sender.send(UDPDatagram().frame, count: 10) }
      )
    },
    Case(
      description: "an nft rule that is added",
      texts: ["nft rule in inet filter input handle 2 added by nft["], role: .b
    ) { lab in
      let (a, b) = try lab.pair()
      try b.nft(
        "add table inet filter\nadd chain inet filter input { type filter hook input priority 0; }")
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      return (
        { try b.nft("add rule inet filter input udp dport 9000 drop") },
        { try client.send(to: .b, 9_000, count: 10) }
      )
    },
    Case(
      description: "a setting", texts: ["sysctl net.ipv4.conf.all.rp_filter: 0 → 1"], role: .b
    ) { lab in
      let (a, b) = try lab.pair()
      try b.set("ipv4/conf/all/rp_filter", 0)
      try b.set("ipv4/conf/vb/rp_filter", 0)
      let sender = try PacketSender(lab, a, "va")
      return (
        { try b.set("ipv4/conf/all/rp_filter", 1) },
        { try sender.send(UDPDatagram(from: "192.0.2.66").frame, count: 10) }
      )
    },
    Case(
      description: "a queue that is too short", texts: ["qdisc tbf 7: on va added"], role: .a
    ) { lab in
      let (a, _) = try lab.pair()
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      return (
        { try a.tc("qdisc add dev va root handle 7: tbf rate 80bit burst 1540 limit 3000") },
        { try client.send(to: .b, 9_000, size: 1000, count: 20) }
      )
    },
    Case(
      description: "an address that is removed", texts: ["address 10.77.0.2/24 on vb removed"],
      role: .b
    ) { lab in
      let (a, b) = try lab.pair()
      let sender = try PacketSender(lab, a, "va")
      return (
        { try b.ip("addr del 10.77.0.2/24 dev vb") },
        { try sender.send(UDPDatagram().frame, count: 10) }
      )
    },
    Case(
      description: "a neighbour that is deleted", texts: ["neighbour 10.77.0.2 on va removed"],
      role: .a
    ) { lab in
      let (a, b) = try lab.pair()
      try b.ip("link set vb arp off")
      try a.set("ipv4/neigh/va/retrans_time_ms", 20)
      try a.set("ipv4/neigh/va/mcast_solicit", 1)
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      return (
        { try a.ip("neigh del 10.77.0.2 dev va") },
        {
          try client.send(to: .b, 9_000, count: 3)
          lab.pause(milliseconds: 150)
        }
      )
    },
  ]

  /// Starts a diagnosis of a lab's namespaces, once it watches.
  private func diagnose(_ lab: Lab) throws -> Program {
    let namespaces = lab.namespaces.flatMap { ["--netns", $0.name] }
    let program = try Program(["diagnose", "--json", "--duration", "30s"] + namespaces)
    try program.wait(for: "\"blind\"")
    // Drops are to begin after a silence, and a change is to lie between two looks.
    usleep(400_000)
    return program
  }

  private func finish(_ program: Program) throws -> DiagnoseTests.Answer {
    // What a kernel thread drops may come a moment later.
    usleep(100_000)
    program.signal(SIGINT)
    _ = try program.exitStatus()
    #expect(try Schema.types(of: program.output) == ["diagnosis", "session"])
    return DiagnoseTests.Answer(object: program.output)
  }

  @Test(arguments: cases)
  func `what changed just before drops began is told with them`(_ example: Case) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (change, drop) = try example.prepare(lab)
    let program = try diagnose(lab)
    try change()
    try drop()
    let answer = try finish(program)
    let namespace = try #require(lab.namespace(example.role))
    let found = try answer.ask(
      "[f['changes_before'] for f in d['findings'] if f['netns']['inode'] == \(namespace.inode)]")
    #expect(example.texts.contains { found.contains($0) }, "\(found)")
    let all = try answer.ask(
      "[c['text'] for c in d['changes'] if c['netns']['name'] == '\(namespace.name)']")
    #expect(example.texts.contains { all.contains($0) }, "\(all)")
  }

  @Test func `what changed while drops were running is not told with them`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let program = try diagnose(lab)
    try client.send(to: .b, 9_000, count: 5)
    // Longer than what lies between two readings.
    usleep(500_000)
    try b.ip("route add 198.51.100.0/24 dev vb")
    try client.send(to: .b, 9_000, count: 5)
    let answer = try finish(program)
    let found = try answer.ask(
      "[(f['drops'], f['changes_before']) for f in d['findings'] if f['name'] == 'NO_SOCKET']")
    // The machine's own settings may be changed by somebody else meanwhile.
    #expect(found.hasPrefix("[(10, [") && !found.contains("route"), "\(found)")
    let all = try answer.ask("[c['text'] for c in d['changes'] if 'netns' in c]")
    #expect(all == "['route 198.51.100.0/24 by vb added']")
  }

  @Test func `drops that ran from the beginning are blamed on nothing`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let script = """
      import socket, time
      s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
      for _ in range(400):
          s.sendto(b"x", ("10.77.0.2", 9000))
          time.sleep(0.05)
      """
    // Ends with the test.
    let sending = try Program(
      ["-c", script], of: "/usr/bin/python3", wrapper: ["ip", "netns", "exec", a.name])
    let program = try diagnose(lab)
    try b.ip("route add 198.51.100.0/24 dev vb")
    usleep(300_000)
    #expect(sending.isRunning)
    let answer = try finish(program)
    let found = try answer.ask(
      "[f['changes_before'] for f in d['findings'] if f['name'] == 'NO_SOCKET']")
    #expect(found == "[[]]")
    #expect(try answer.ask("len([c for c in d['changes'] if 'netns' in c])") == "1")
  }

  @Test func `a namespace that is deleted does not live on for being watched`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let a = try lab.makeNamespace(.a)
    // As a lab names its own, so that the next one removes it if this ends too soon.
    let name = "dwlab-\(getpid())-watched"
    try Command.run(["ip", "netns", "add", name])
    lab.atEnd { _ = try? Command.run(["ip", "netns", "del", name]) }
    try a.ip("link add va type veth peer name vb netns \(name)")
    let program = try Program(["diagnose", "--json", "--duration", "30s", "--netns", name])
    try program.wait(for: "\"blind\"")
    try Command.run(["ip", "netns", "del", name])
    // One end of a pair goes with the other.
    var isThere = true
    for _ in 0..<100 where isThere {
      usleep(50_000)
      isThere = (try? a.ip("link show dev va")) != nil
    }
    #expect(!isThere)
    #expect(program.isRunning)
    program.signal(SIGINT)
    _ = try program.exitStatus()
  }

  @Test func `the page tells it too, and lists all that changed`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (change, drop) = try Self.cases[0].prepare(lab)
    let arguments = lab.namespaces.flatMap { ["--netns", $0.name] }
    let program = try Program(["diagnose", "--duration", "30s"] + arguments, on: .terminal)
    // A drop of another kind shows that it watches.
    let client = try LabSocket(lab, try #require(lab.namespace(.a)), .udp)
    for _ in 0..<100 where !program.output.contains("watching") {
      try client.send(to: .b, 9_000)
      program.drain(milliseconds: 100)
    }
    try change()
    try drop()
    usleep(100_000)
    program.signal(SIGINT)
    _ = try program.exitStatus()
    #expect(program.output.contains("Changed just before"), "\(program.output)")
    #expect(program.output.contains("What changed meanwhile"))
  }

  @Test(arguments: Knowledge.embedded.names)
  func `settings that explanations name are looked at often`(name: String) throws {
    guard let entry = try Knowledge.embedded.entry(name) else { return }
    var names = entry.rules.flatMap { $0.condition.sysctls.keys }
    for case .sysctl(let sysctl) in entry.evidence { names.append(sysctl) }
    for name in names where name.hasPrefix("net.") {
      let last = try #require(name.split(separator: ".").last)
      // Counts are no settings.
      #expect(Sysctls.watched.contains(String(last)) || last == "nf_conntrack_count", "\(name)")
    }
  }
}
