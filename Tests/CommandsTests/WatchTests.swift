import DropLab
import Glibc
import Testing

/// `dropwatch watch` as a user meets it: what it prints, how it ends, what it leaves behind.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct WatchTests {
  /// The program with its source attached.
  private func watching(
    _ arguments: String..., on streams: Program.Streams = .pipes
  ) throws -> Program {
    let program = try Program(["watch"] + arguments, on: streams)
    try program.wait(for: arguments.contains("--json") ? "\"blind\"" : " on ")
    return program
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a signal ends it with the exact account`(signal: Int32) throws {
    let port = try ClosedPort()
    let program = try watching("--interval", "1h")
    try port.drop(25)
    program.signal(signal)
    #expect(try program.exitStatus() == 0)
    #expect(program.output.contains("NO_SOCKET"))
    #expect(program.output.contains("__udp4_lib_rcv+0x"))
    let account = Transcript(program.output).account
    #expect(account["seen"] == account["tallied"])
    #expect(account["missed"] == 0)
    #expect(program.errors.isEmpty)
  }

  @Test func `a pipe gets plain text without colour, each interval when it is over`() throws {
    let port = try ClosedPort()
    let program = try watching("--interval", "200ms")
    try port.drop(25)
    try program.wait(for: "NO_SOCKET", milliseconds: 3000)
    try program.wait(for: "seen ")
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(!program.output.contains("\u{1B}"))
  }

  @Test func `colour comes when it is asked for`() throws {
    let port = try ClosedPort()
    let program = try watching("--color", "always", "--interval", "200ms")
    try port.drop(25)
    try program.wait(for: "\u{1B}[33mNO_SOCKET", milliseconds: 3000)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
  }

  @Test func `a terminal is redrawn, and given back with the account`() throws {
    let port = try ClosedPort()
    let program = try watching("--interval", "100ms", on: .terminal)
    try port.drop(25)
    try program.wait(for: "\u{1B}[?1049h")
    try program.wait(for: "NO_SOCKET")
    program.type("\u{03}")
    #expect(try program.exitStatus() == 0)
    let end = try #require(program.output.firstRange(of: "\u{1B}[?1049l"))
    #expect(program.output[end.upperBound...].contains("NO_SOCKET"))
    #expect(program.output[end.upperBound...].contains("seen "))
  }

  @Test func `JSON is what the schema says`() throws {
    let port = try ClosedPort()
    let program = try watching("--json", "--interval", "100ms", "--duration", "500ms")
    try port.drop(25, payload: 58)
    #expect(try program.exitStatus() == 0)
    #expect(try Schema.types(of: program.output) == ["loss", "session", "summary", "tally"])
    let tallies = program.output.split(separator: "\n").filter {
      $0.contains(#""reason":"NO_SOCKET""#) && $0.contains(#""device":{"index":1,"name":"lo"}"#)
    }
    #expect(tallies.contains { $0.contains(#""drops":25,"bytes":1650,"segments":25"#) })
  }

  @Test func `packets come between the tables, some of each kind`() throws {
    let port = try ClosedPort()
    let program = try watching("--packets", "--limit", "3", "--interval", "1h")
    try port.drop(25, payload: 77)
    try program.wait(for: " len 77", milliseconds: 3000)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let transcript = Transcript(program.output)
    #expect(transcript.lines.filter { $0.hasSuffix(" > 127.0.0.1:9 len 77") }.count == 3)
    let account = transcript.account
    #expect(account["offered"] == (account["delivered"] ?? 0) + (account["limited"] ?? 0))
    #expect((account["limited"] ?? 0) >= 22)
  }

  @Test(arguments: [["--stack"], ["--snap", "60"], ["--limit", "3"]])
  func `what is only for packets asks for them`(arguments: [String]) throws {
    let program = try Program(["watch"] + arguments)
    #expect(try program.exitStatus() == 64)
    #expect(program.errors.contains("say --packets too"))
  }

  @Test func `so many reports, or so long`() throws {
    let counted = try Program(["watch", "--json", "--interval", "50ms", "--count", "3"])
    #expect(try counted.exitStatus() == 0)
    #expect(counted.output.split(separator: "\n").filter { $0.contains("\"loss\"") }.count == 3)
    let timed = try Program(["watch", "--json", "--interval", "50ms", "--duration", "200ms"])
    #expect(try timed.exitStatus() == 0)
    #expect(
      (2...4).contains(
        timed.output.split(separator: "\n").filter { $0.contains("\"loss\"") }.count))
  }

  @Test func `a reader that goes away ends it quietly`() throws {
    let output = try Command.run(
      ["/bin/sh", "-c", "\(Program.path) watch --json --interval 50ms | head -1; echo done"])
    #expect(output.hasSuffix("done\n"))
    #expect(output.split(separator: "\n").count == 2)
  }

  @Test func `a full disk is an error that says so`() throws {
    let output = try Command.run(
      [
        "/bin/sh", "-c",
        "\(Program.path) watch --duration 1s 2>&1 > /dev/full; echo status $?",
      ])
    #expect(output == "dropwatch: cannot write output: no space left on device\nstatus 2\n")
  }

  @Test func `an overflow is told, by number and by exit status`() throws {
    let port = try ClosedPort()
    let program = try watching("--interval", "1h", "--keys", "1")
    try port.drop(10)
    try port.dropElsewhere()
    try port.dropElsewhere()
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 1)
    let account = Transcript(program.output).account
    #expect((account["overflowed"] ?? 0) > 0)
    #expect(account["seen"] == (account["tallied"] ?? 0) + (account["overflowed"] ?? 0))
  }

  @Test func `a missing privilege is told of each source, with status 2`() throws {
    let program = try Program(
      ["watch"], wrapper: ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"])
    #expect(try program.exitStatus() == 2)
    #expect(program.errors.contains("Run as root, or grant CAP_BPF and CAP_PERFMON"))
    #expect(
      program.errors.hasPrefix("dropwatch: no source can watch drops here\n  ebpf: not permitted"))
    #expect(program.errors.contains("\n  netdm: "))
    #expect(program.errors.contains("\n  tracepoint: "))
    #expect(program.errors.split(separator: "\n").count == 4)
  }

  @Test func `two capabilities are enough, and symbols need a third`() throws {
    let port = try ClosedPort()
    let capabilities = "-all,+bpf,+perfmon"
    let program = try Program(
      ["watch", "--interval", "1h"],
      wrapper: [
        "setpriv", "--reuid", "65534", "--clear-groups", "--inh-caps", capabilities,
        "--ambient-caps", capabilities,
      ])
    try program.wait(for: " on ")
    try port.drop(25)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(program.output.contains("grant CAP_SYSLOG"))
    #expect(program.output.contains("0xffffffff"))
  }

  @Test(arguments: [
    ["watch", "--interval", "0"], ["watch", "--interval", "fast"], ["watch", "--count", "0"],
    ["watch", "--by", "color"], ["watch", "--keys", "0"], ["watch", "--top", "-1"], ["wacth"],
    ["watch", "--bogus"],
  ])
  func `wrong usage is status 64`(arguments: [String]) throws {
    let program = try Program(arguments)
    #expect(try program.exitStatus() == 64)
    #expect(program.output.isEmpty)
    #expect(program.errors.contains("Error: "))
  }

  @Test func `a kill -9 leaves nothing attached`() throws {
    let program = try watching("--json")
    // Everything of BPF that it holds has its number in fdinfo: programs, by way of the link too.
    let folder = "/proc/\(program.process)/fdinfo"
    let own = Set(
      KernelFile.names(in: folder).flatMap { name in
        ((try? KernelFile.text(of: "\(folder)/\(name)")) ?? "").split(separator: "\n")
          .filter { $0.hasPrefix("prog_id:") }
          .compactMap { Int($0.dropFirst(8).drop { $0.isWhitespace }) }
      })
    #expect(!own.isEmpty)
    #expect(try programs().isSuperset(of: own))
    program.signal(SIGKILL)
    #expect(try program.exitStatus() == 128 + SIGKILL)
    for _ in 0..<100 where try !programs().isDisjoint(with: own) { usleep(20_000) }
    #expect(try programs().isDisjoint(with: own))
  }

  @Test func `devices and namespaces that vanish do no harm`() throws {
    let program = try watching("--json", "--interval", "20ms")
    // The first report may wait for symbols; a namespace that goes meanwhile has no name.
    try ClosedPort().drop(1)
    try program.wait(for: #""reason":"NO_SOCKET""#)
    for _ in 0..<5 {
      let port = try ClosedPort()
      try port.drop(7)
      // Long enough for a report, which is when names are looked up.
      withExtendedLifetime(port) { _ = usleep(60_000) }
    }
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    // A namespace's seven drops may be spread over two reports.
    let tallies = program.output.split(separator: "\n").filter {
      $0.contains(#""reason":"NO_SOCKET""#) && $0.contains(#""name":"lo""#)
    }
    let drops = tallies.compactMap { line in
      line.firstRange(of: #""drops":"#).flatMap {
        Int(line[$0.upperBound...].prefix { $0.isNumber })
      }
    }
    #expect(drops.reduce(0, +) == 36)
    #expect(tallies.filter { $0.contains(#""name":"dwlab-"#) }.count >= 5)
  }

  @Test func `an output that is a socket is excluded`() throws {
    let script = """
      import socket, subprocess, sys
      ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
      p = subprocess.Popen([sys.argv[1], "watch", "--json", "--interval", "20ms",
                            "--duration", "1s"], stdout=theirs)
      theirs.close()
      data = b""
      while chunk := ours.recv(65536):
          data += chunk
      print(p.wait(), data.count(b'"loss"') >= 5, b"unix_stream" in data)
      """
    let output = try Command.run(["/usr/bin/python3", "-c", script, Program.path])
    #expect(output == "0 True False\n")
  }

  /// The numbers of all BPF programs in the kernel: bpf(2), BPF_PROG_GET_NEXT_ID.
  private func programs() throws -> Set<Int> {
    let script = """
      import ctypes, struct
      libc = ctypes.CDLL(None, use_errno=True)
      last = 0
      while True:
          attr = ctypes.create_string_buffer(struct.pack("<III", last, 0, 0), 128)
          if libc.syscall(321, 11, attr, 12) < 0:
              break
          last = struct.unpack_from("<II", attr.raw)[1]
          print(last)
      """
    let output = try Command.run(["/usr/bin/python3", "-c", script])
    return Set(output.split(separator: "\n").compactMap { Int($0) })
  }
}

/// `dropwatch doctor` on this machine.
@Suite(.serialized, .enabled(if: geteuid() == 0, "the checks differ without root"))
struct DoctorTests {
  @Test func `it finds that drops can be watched here`() throws {
    let program = try Program(["doctor"])
    #expect(try program.exitStatus() == 0)
    #expect(program.output.contains("✓  source ebpf        attached as tp_btf in "))
    #expect(program.output.contains("✓  privileges"))
  }

  @Test func `without privileges it says what is missing and what to do`() throws {
    let program = try Program(
      ["doctor", "--json"], wrapper: ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"])
    #expect(try program.exitStatus() == 1)
    let lines = program.output.split(separator: "\n")
    #expect(
      lines.contains {
        $0.hasPrefix(#"{"type":"check","name":"privileges","ok":false"#)
          && $0.contains("setcap cap_bpf,cap_perfmon,cap_syslog=ep")
      })
    #expect(lines.contains { $0.hasPrefix(#"{"type":"check","name":"source ebpf","ok":false"#) })
  }
}
