import DropLab
import Glibc
import Testing

/// The subcommand `retransmissions`, run as a user runs it.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct RetransmissionsTests {
  /// A connection whose every seventh segment is dropped by its receiver's rule.
  private func transfer(
    _ lab: Lab, while arguments: (LabNamespace) -> [String]
  ) throws -> (program: Program, sent: UInt64, dropped: UInt64) {
    let (a, b) = try lab.pair()
    try a.ip("link set va gso_max_segs 1")
    try b.nft(
      "table inet lab { chain c { type filter hook input priority 0; tcp dport 8080"
        + " meta length > 500 numgen inc mod 7 == 3 counter drop; }; }")
    let program = try Program(["retransmissions"] + arguments(a))
    try program.wait(for: arguments(a).contains("--json") ? #""session""# : "Cannot see")
    var stream = try TCPStream(lab, from: a, to: b)
    try stream.accept()
    try stream.transfer(chunks: 50)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    return (program, try a.counter("TcpRetransSegs"), try b.ruleHits())
  }

  @Test func `the verdict is the last word`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let run = try transfer(lab) { _ in ["--interval", "1h"] }
    let total = "\(run.dropped) after drops on this machine (NETFILTER_DROP)"
    #expect(run.program.output.contains(" retransmissions: \(total)"))
    #expect(run.program.output.contains("10.77.0.2  va@dwlab-"))
    #expect(run.program.output.contains("lost 0; TCP drops "))
  }

  @Test func `what is dropped outside of a namespace is beyond it`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let run = try transfer(lab) { ["--interval", "1h", "--netns", $0.name] }
    #expect(
      run.program.output.contains(
        "\(run.sent) retransmissions: \(run.sent) with no local drop: lost beyond this machine's view, toward 10.77.0.2 by va\n"
      ))
  }

  @Test func `a line for each, with the drop before it`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let run = try transfer(lab) { _ in ["--lines"] }
    let lines = run.program.output.split(separator: "\n").filter { $0.contains("  exact  ") }
    #expect(lines.count == Int(run.dropped))
    #expect(
      lines.allSatisfy {
        $0.contains(" > 10.77.0.2:8080 seq ") && $0.contains(" NETFILTER_DROP at nft_do_chain+")
      })
  }

  @Test func `JSON is what the schema says`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let run = try transfer(lab) { _ in ["--json", "--lines", "--interval", "100ms"] }
    #expect(
      try Schema.types(of: run.program.output) == [
        "retransmission", "retransmissions", "session",
      ])
    let last = try #require(run.program.output.split(separator: "\n").last)
    #expect(last.contains(#""last":true"#))
    #expect(last.contains(#""exact":\#(run.dropped),"#))
  }

  @Test(arguments: [["--flows", "0"], ["--top", "0"], ["--interval", "0"], ["--bogus"]])
  func `wrong usage is status 64`(arguments: [String]) throws {
    let program = try Program(["retrans"] + arguments)
    #expect(try program.exitStatus() == 64)
  }

  @Test func `full listeners, closed windows and refusals on the way are clues`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try b.nft(
      "table inet lab { chain c { type filter hook input priority 0;"
        + " tcp dport 8081 reject with icmpx type host-unreachable; }; }")
    let listener = try LabSocket(lab, b, .tcp).bind(.b, 8_082)
    try listener.listen(backlog: 0)
    let reader = try LabSocket(lab, b, .tcp).option(SOL_SOCKET, SO_RCVBUF, 4096).bind(.b, 8_083)
    try reader.listen()
    let program = try Program(
      ["retransmissions", "--json", "--netns", a.name, "--netns", b.name, "--duration", "20s"])
    try program.wait(for: #""session""#)
    // One is taken by the queue of length 0; SYNs of the rest meet it full.
    let clients = try (0..<4).map { _ in try LabSocket(lab, a, .tcp) }
    for client in clients { try client.connect(.b, 8_082) }
    try LabSocket(lab, a, .tcp).connect(.b, 8_081)
    let writer = try LabSocket(lab, a, .tcp)
    try writer.connect(.b, 8_083)
    let peer = try reader.accept(lab)
    let chunk = [UInt8](repeating: 1, count: 4096)
    // Until the program that does not read has closed its window.
    for _ in 0..<2_000 where try b.counter("TcpExtTCPToZeroWindowAdv") == 0 {
      _ = writer.send(chunk, flags: CInt(MSG_DONTWAIT))
      usleep(1_000)
    }
    for _ in 0..<1_000 where try a.counter("IcmpInDestUnreachs") == 0 { usleep(1_000) }
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    peer.close()
    let last = try #require(program.output.split(separator: "\n").last { $0.contains("\"clues\"") })
    for (namespace, counter) in [
      (b, "TcpExtListenOverflows"), (b, "TcpExtTCPToZeroWindowAdv"), (a, "IcmpInDestUnreachs"),
    ] {
      let count = try namespace.counter(counter)
      #expect(count > 0, "\(counter)")
      #expect(last.contains("\"counter\":\"netstat.\(counter)\",\"count\":\(count),"), "\(last)")
    }
    #expect(try Schema.types(of: String(last)) == ["retransmissions"])
  }

  @Test func `a namespace that nobody knows is told`() throws {
    let program = try Program(["retrans", "--netns", "nowhere"])
    #expect(try program.exitStatus() == 2)
    #expect(program.errors.contains("nowhere"))
  }
}
