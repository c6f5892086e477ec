import DropLab
import Glibc
import Testing

/// `dropwatch packets` as a user meets it.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct PacketsCommandTests {
  /// Whether drops have reasons on this kernel: from 5.17.
  private let givesReasons =
    (try? KernelFile.text(of: "/sys/kernel/tracing/events/skb/kfree_skb/format"))?
    .contains("reason") ?? true

  /// The program with its source attached; with `--json` the session line says so.
  private func watching(_ arguments: String...) throws -> Program {
    let program = try Program(["packets"] + arguments)
    if arguments.contains("--json") {
      try program.wait(for: "\"blind\"")
    } else {
      try program.waitForErrors(" on ")
    }
    return program
  }

  @Test func `each packet is a line, and the account says that none is missing`() throws {
    let port = try ClosedPort()
    let program = try watching()
    try port.drop(5000, payload: 77)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let lines = program.output.split(separator: "\n")
    let ours = lines.filter { $0.hasSuffix(" > 127.0.0.1:9 len 77") }
    #expect(ours.count == 5000)
    // Kernels before 5.17 have no reasons; 7.x has another function.
    let reason = givesReasons ? "NO_SOCKET" : "-"
    let shape = try Regex(
      #"[\d:.]{15} \#(reason) +(__udp4_lib|udp)_rcv\+0x[0-9a-f]+ +lo@dwlab-\S+ +local UDP .*"#)
    let others = ours.filter { $0.wholeMatch(of: shape) == nil }
    #expect(others.isEmpty, "\(others.first ?? "")")
    let account = Transcript(program.errors).account
    #expect(account["delivered"] == lines.count)
    #expect(account["offered"] == account["delivered"])
  }

  @Test func `JSON is what the schema says`() throws {
    let port = try ClosedPort()
    let program = try watching("--json", "--stack")
    try port.drop(25, payload: 58)
    try port.dropElsewhere()
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(
      try Schema.types(of: program.output) == ["loss", "packet", "session", "summary", "tally"])
    let packets = program.output.split(separator: "\n").filter {
      $0.contains(#""type":"packet""#) && $0.contains(#" > 127.0.0.1:9 len 58""#)
    }
    #expect(packets.count == 25)
    for packet in packets {
      #expect(packet.contains(#""destination":{"address":"127.0.0.1","port":9}"#))
      #expect(packet.contains(#""protocol":"ipv4","transport":"udp","direction":"local""#))
      #expect(packet.contains(/,"(__udp4_lib|udp)_rcv","ip_protocol_deliver_rcu",/))
      #expect(packet.contains(#""length":66,"segments":1"#))
    }
    #expect(program.output.contains(#""tcp":{"flags":"S","sequence":"#))
  }

  @Test(arguments: [[], ["--json"]])
  func `so many packets, then it ends`(format: [String]) throws {
    let port = try ClosedPort()
    let program = try Program(["packets", "--count", "3"] + format)
    // Attached when the first of them shows; more are sent than are wanted.
    for _ in 0..<100 where program.isRunning { try port.drop(5) }
    #expect(try program.exitStatus() == 0)
    let lines = program.output.split(separator: "\n").filter { $0.contains(" > ") }
    #expect(lines.count == 3)
  }

  @Test func `a stack begins with the function that freed the packet`() throws {
    let port = try ClosedPort()
    let program = try watching("--stack")
    try port.drop(1, payload: 77)
    try program.wait(for: " len 77", milliseconds: 3000)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let lines = program.output.split(separator: "\n").map(String.init)
    let line = try #require(lines.firstIndex { $0.hasSuffix(" len 77") })
    #expect(lines[line + 1].hasPrefix("\t"))
    #expect(lines[line + 1].contains("skb"), "\(lines[line + 1])")
    #expect(lines[line + 2].contains(/^\t(__udp4_lib|udp)_rcv\+0x/))
    #expect(!program.output.contains("bpf_prog_"))
  }

  @Test func `the bytes are shown as they were`() throws {
    let port = try ClosedPort()
    let program = try watching("-x", "--snap", "1600")
    try port.drop(1, payload: 300)
    try program.wait(for: " len 300", milliseconds: 3000)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let lines = program.output.split(separator: "\n").map(String.init)
    let line = try #require(lines.firstIndex { $0.hasSuffix(" len 300") })
    // An Ethernet header of loopback, whose addresses are zero.
    #expect(lines[line + 1].hasPrefix("\t0x0000:  0000 0000 0000 0000 0000 0000 0800 45"))
    let dump = lines[(line + 1)...].prefix { $0.hasPrefix("\t0x") }
    #expect(dump.count == (342 + 15) / 16)
  }

  @Test func `a socket's owner is named, with its control group`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let group = try ControlGroup(in: lab)
    let (a, b) = try lab.pair()
    _ = try group.inside {
      try LabSocket(lab, b, .udp).option(SOL_SOCKET, SO_RCVBUF, 4096).bind(.b, 9_000)
    }
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    try client.send(to: .b, 9_000, size: 1000, count: 50)
    let program = try watching("--json")
    try client.send(to: .b, 9_000, size: 1000, count: 10)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let lines = program.output.split(separator: "\n").filter {
      $0.contains("10.77.0.1:40000 > 10.77.0.2:9000")
    }
    #expect(lines.count == 10)
    for line in lines {
      #expect(line.contains(#""reason":"SOCKET_RCVBUFF""#) || !givesReasons)
      #expect(
        line.contains(#""owner":{"uid":0,"user":"root","cgroup":"\#(group.path)""#), "\(line)")
      #expect(line.contains(#""pid":\#(getpid()),"command":"#), "\(line)")
      #expect(!line.contains(#""inferred""#))
      #expect(line.contains(#""direction":"receive""#))
    }
  }

  @Test func `where a drop has no socket, who listens on its port is inferred`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try LabSocket(lab, b, .udp).bind(.b, 9_000)
    try b.nft("table ip t { chain c { type filter hook input priority 0; udp dport 9000 drop; }; }")
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let program = try watching()
    try client.send(to: .b, 9_000, count: 4)
    try client.send(to: .b, 9_001, count: 4)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let lines = program.output.split(separator: "\n")
    let filtered = lines.filter { $0.contains(" > 10.77.0.2:9000 ") }
    #expect(filtered.count == 4)
    for line in filtered {
      #expect(line.contains(" NETFILTER_DROP ") || !givesReasons)
      #expect(line.contains("(listener "), "\(line)")
      #expect(line.contains("[\(getpid())]"), "\(line)")
    }
    let closed = lines.filter { $0.contains(" > 10.77.0.2:9001 ") }
    #expect(closed.count == 4)
    #expect(closed.allSatisfy { !$0.contains("listener") })
  }

  @Test func `what a machine drops of its own on the way out is told as such`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, _) = try lab.pair()
    try a.nft(
      "table ip t { chain c { type filter hook output priority 0; udp dport 9000 drop; }; }")
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let program = try watching()
    for _ in 0..<3 { _ = try? client.send(to: .b, 9_000, count: 1) }
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let lines = program.output.split(separator: "\n").filter {
      $0.contains(" out   UDP 10.77.0.1:40000 > 10.77.0.2:9000")
    }
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.contains("[\(getpid())]") })
  }

  @Test func `Wireshark reads packets live, with reason and place as their comment`() throws {
    let port = try ClosedPort()
    let program = try Program(
      [], of: "/bin/sh",
      wrapper: [
        "/bin/sh", "-c",
        "\(Program.path) packets --pcapng - --count 3 'udp port 9' | "
          + "tshark -l -r - -T fields -e udp.dstport -e udp.length -e frame.interface_name "
          + "-e frame.comment 2>&1",
      ])
    try program.waitForErrors(" on ")
    try port.drop(3, payload: 77)
    #expect(try program.exitStatus(milliseconds: 30_000) == 0)
    let lines = program.output.split(separator: "\n").filter { $0.hasPrefix("9\t") }
    #expect(lines.count == 3, "\(program.output)")
    for line in lines {
      #expect(line.hasPrefix("9\t85\tlo@dwlab-"), "\(line)")
      #expect(line.contains("NO_SOCKET") || !givesReasons)
      #expect(line.contains(/(__udp4_lib|udp)_rcv\+0x/))
    }
  }

  @Test func `a reader that goes away ends it quietly`() throws {
    let port = try ClosedPort()
    let program = try Program(
      [], of: "/bin/sh", wrapper: ["/bin/sh", "-c", "\(Program.path) packets | head -2; echo done"])
    for _ in 0..<200 where program.isRunning {
      try port.drop(5)
      usleep(20_000)
    }
    #expect(try program.exitStatus() == 0)
    #expect(program.output.hasSuffix("done\n"))
  }

  @Test(arguments: [
    (["--limit", "0"], "--limit none leaves nothing"),
    (["--count", "0"], "--count takes a number"),
    (["--snap", "0"], "--snap takes"), (["--snap", "1601"], "--snap takes"),
    (["--limit", "many"], "invalid"), (["--pcapng", "-", "-x"], "--pcapng takes the place"),
  ])
  func `what cannot be is refused`(arguments: [String], words: String) throws {
    let program = try Program(["packets"] + arguments)
    #expect(try program.exitStatus() == 64)
    #expect(program.errors.contains(words), "\(program.errors)")
  }
}
