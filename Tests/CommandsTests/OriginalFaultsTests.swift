import Glibc
import Testing

/// What the original dropwatch (1.5.4) does wrong, each tried with it: here it must be right.
///
/// Its faults in namesakes (wrong symbols for modules) and in dwdump are tested with those.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct OriginalFaultsTests {
  /// The prompt with drops being watched.
  private func monitoring(
    _ settings: String..., on streams: Program.Streams = .pipes, wrapper: [String] = []
  ) throws -> Program {
    let program = try Program(["-l", "kas"], on: streams, wrapper: wrapper)
    try program.wait(for: "dropwatch> ")
    for setting in settings { program.type(setting + "\n") }
    program.type("start\n")
    try program.wait(for: "Issue Ctrl-C to stop monitoring")
    return program
  }

  @Test func `packet mode shows all of 5,000 packets, not 90`() throws {
    let port = try ClosedPort()
    // Packets of the whole machine are shown: while somebody else floods it, ours prove nothing.
    for _ in 0..<3 {
      let program = try monitoring("set alertmode packet")
      try port.drop(5000, payload: 777)
      program.type("stop\nstats\nexit\n")
      let status = try program.exitStatus()
      let transcript = Transcript(program.output)
      let own = transcript.packets(of: 819)
      if own < 5000, transcript.packets - own > 10_000 { continue }
      #expect(status == 0)
      #expect(own == 5000)
      #expect(transcript.account["delivered"] == transcript.packets)
      #expect(transcript.lines.contains("Tail dropped: 0"))
      return
    }
    Issue.record("somebody flooded this machine all the time")
  }

  @Test func `packets that were lost are told, by number and by exit status`() throws {
    let port = try ClosedPort()
    let program = try monitoring("set alertmode packet")
    // Nobody reads the ring of 4 MiB, which holds some 21,000.
    program.signal(SIGSTOP)
    try port.drop(25_000, payload: 778)
    program.signal(SIGCONT)
    program.type("stop\nstats\nexit\n")
    #expect(try program.exitStatus() == 1)
    let transcript = Transcript(program.output)
    let lost = try #require(transcript.account["lost"])
    #expect(lost > 0)
    #expect(transcript.packets(of: 820) + lost >= 25_000)
    #expect(transcript.account["delivered"] == transcript.packets)
    #expect(transcript.lines.contains("Tail dropped: \(lost)"))
  }

  @Test func `stopping shows the drops of the last second`() throws {
    let port = try ClosedPort()
    let program = try monitoring()
    try port.drop(137)
    program.signal(SIGINT)
    try program.wait(for: "; missed 0")
    let transcript = Transcript(program.output)
    #expect(transcript.drops >= 137)
    #expect(transcript.account["seen"] == transcript.drops)
    #expect(transcript.account["tallied"] == transcript.drops)
  }

  @Test func `SIGTERM while monitoring ends with the account and status 0`() throws {
    let port = try ClosedPort()
    let program = try monitoring()
    try port.drop(3)
    program.signal(SIGTERM)
    #expect(try program.exitStatus() == 0)
    let transcript = Transcript(program.output)
    #expect(transcript.drops >= 3)
    #expect(transcript.account["seen"] == transcript.drops)
    #expect(transcript.lines.suffix(2) == ["Shutting down ...", ""])
  }

  @Test(arguments: [SIGKILL, SIGTERM, SIGHUP])
  func `after a signal the next start works`(signal: Int32) throws {
    let first = try monitoring()
    first.signal(signal)
    #expect(try first.exitStatus() == (signal == SIGKILL ? 128 + signal : 0))
    let port = try ClosedPort()
    let second = try monitoring()
    try port.drop(5)
    second.type("exit\n")
    #expect(try second.exitStatus() == 0)
    #expect(Transcript(second.output).drops >= 5)
  }

  @Test func `a Ctrl-C at the prompt does not wait for the next start`() throws {
    let port = try ClosedPort()
    let program = try Program(["-l", "kas"], on: .terminal)
    try program.wait(for: "dropwatch> ")
    program.type("sho\u{3}")
    try program.wait(for: "^C\r\ndropwatch> ")
    program.type("start\r")
    try program.wait(for: "Issue Ctrl-C to stop monitoring")
    try port.drop(6)
    try program.wait(for: "[software]")
    program.type("\u{3}")
    try program.wait(for: "Got a stop message")
    try program.wait(for: "dropwatch> ")
    #expect(!program.output.contains("unknown command"))
  }

  @Test func `a pipe gets each line when it is due`() throws {
    let port = try ClosedPort()
    let program = try monitoring()
    try port.drop(4)
    try program.wait(for: " [software]\n", milliseconds: 3000)
    program.type("exit\n")
    #expect(try program.exitStatus() == 0)
  }

  @Test func `set sw maybe does not end the program`() throws {
    let program = try Program(["-l", "kas"])
    program.type("set sw maybe\nshow\nexit\n")
    #expect(try program.exitStatus() == 0)
    #expect(program.errors == "dropwatch: \"set sw\" takes true or false, not \"maybe\"\n")
    #expect(program.output.contains("Software drops: true\n"))
  }

  @Test func `an unknown command is answered`() throws {
    let program = try Program(["-l", "kas"])
    program.type("strat\nexit\n")
    #expect(try program.exitStatus() == 0)
    #expect(program.errors == "dropwatch: unknown command \"strat\": type help for the commands\n")
  }

  @Test func `hidden kernel addresses are told once, with the remedy`() throws {
    let port = try ClosedPort()
    let wrapper = ["setpriv", "--bounding-set=-syslog", "--"]
    let program = try monitoring(wrapper: wrapper)
    for run in 0..<2 {
      if run > 0 {
        program.type("start\n")
        try program.wait(for: "Issue Ctrl-C to stop monitoring")
      }
      try port.drop(5)
      program.type("stop\n")
      try program.wait(for: "; missed 0")
    }
    program.type("exit\n")
    #expect(try program.exitStatus() == 0)
    #expect(program.output.contains(" drops at location 0xffffffff"))
    #expect(program.errors.split(separator: "\n").count == 1)
    #expect(program.errors.contains("no symbols: "))
    #expect(program.errors.contains("CAP_SYSLOG") || program.errors.contains("sysctl"))
  }

  @Test func `a missing privilege is told, and a script learns of it`() throws {
    let wrapper = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"]
    let program = try Program(["-l", "kas"], wrapper: wrapper)
    program.type("start\nshow\nexit\n")
    #expect(try program.exitStatus() == 2)
    #expect(
      program.errors.hasPrefix(
        "dropwatch: no source can watch drops here\n  ebpf: not permitted to "))
    #expect(program.errors.contains("Run as root, or grant CAP_BPF and CAP_PERFMON"))
    // The prompt goes on.
    #expect(program.output.contains("Alert mode: Summary"))
    #expect(program.output.hasSuffix("dropwatch> exit\nShutting down ...\n"))
  }

  @Test func `symbols are not read again for each new site`() throws {
    let port = try ClosedPort()
    let program = try monitoring()
    try port.drop(5)
    try program.wait(for: "[software]")
    let before = try program.bytesRead()
    try port.dropElsewhere()
    program.type("stop\n")
    try program.wait(for: "; missed 0")
    #expect(Set(Transcript(program.output).sites.map { $0.split(separator: " ")[3] }).count >= 2)
    #expect(try program.bytesRead() - before < 1 << 20)
  }
}
