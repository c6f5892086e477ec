import Glibc
import Testing

/// The prompt as a user meets it, from the outside.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct PromptSessionTests {
  @Test func `commands in a pipe make the original's transcript`() throws {
    let program = try Program(["-l", "kas"])
    program.type("set alertmode packet\nset trunc 100\nset queue 50\nset hw true\nshow\n")
    program.closeInput()
    #expect(try program.exitStatus() == 0)
    #expect(
      program.output == """
        Initializing kallsyms db
        dropwatch> set alertmode packet
        Setting alert mode
        Alert mode successfully set
        dropwatch> set trunc 100
        Setting truncation length to 100
        Truncation length successfully set
        dropwatch> set queue 50
        Setting queue length to 50
        Queue length successfully set
        dropwatch> set hw true
        setting hardware drops monitoring to 1
        dropwatch> show
        Getting existing configuration
        Alert mode: Packet
        Truncation length: 100
        Queue length: 50
        Ring buffer: 4 MiB, in packet mode
        Alert limit: none
        Software drops: true
        Hardware drops: true
        dropwatch> Terminating dropwatch...
        Shutting down ...

        """)
    #expect(program.errors == "")
  }

  @Test func `after the end of a pipe monitoring goes on until a signal`() throws {
    let port = try ClosedPort()
    let program = try Program(["-l", "kas"])
    program.type("start\n")
    program.closeInput()
    try program.wait(for: "Issue Ctrl-C to stop monitoring")
    try port.drop(9)
    try program.wait(for: "[software]")
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(
      program.output.hasSuffix("dropwatch> Terminating dropwatch...\nShutting down ...\n"))
    #expect(program.output.contains("\nGot a stop message\n"))
  }

  @Test(arguments: ["packet", "summary"])
  func `the alert limit stops by itself and exactly`(mode: String) throws {
    let port = try ClosedPort()
    let program = try Program(["-l", "kas"])
    let limit = mode == "packet" ? 7 : 1
    program.type("set alertmode \(mode)\nset alertlimit \(limit)\nstart\n")
    program.closeInput()
    try program.wait(for: "Issue Ctrl-C to stop monitoring")
    try port.drop(50)
    #expect(try program.exitStatus() == 0)
    let transcript = Transcript(program.output)
    #expect((mode == "packet" ? transcript.packets : transcript.sites.count) == limit)
    #expect(transcript.lines.contains("Alert limit reached, deactivating!"))
    if mode == "packet" {
      let hidden = transcript.lines.first { $0.hasPrefix("not shown, beyond the alert limit: ") }
      #expect(hidden != nil)
    }
    #expect(try #require(transcript.account["seen"]) >= 50)
  }

  @Test func `a truncated packet keeps its original length`() throws {
    let port = try ClosedPort()
    let program = try Program(["-l", "kas"])
    program.type("set alertmode packet\nset trunc 64\nstart\n")
    try program.wait(for: "Issue Ctrl-C to stop monitoring")
    try port.drop(3, payload: 1234)
    program.type("stop\nexit\n")
    #expect(try program.exitStatus() == 0)
    let lines = Transcript(program.output).lines
    let place = try #require(lines.firstIndex(of: "original length: 1276"))
    #expect(lines[place - 1] == "length: 64")
    #expect(lines[place - 2] == "protocol: 0x800")
    #expect(lines[place - 3].hasSuffix(" nsec"))
    #expect(lines[place - 4] == "input port ifindex: 1")
    #expect(lines[place - 5] == "origin: software")
    #expect(lines[place - 6].hasPrefix("drop at: "))
    #expect(lines[place + 1] == "drop reason: NO_SOCKET")
    #expect(lines[place + 2].isEmpty)
  }

  @Test func `commands work while monitoring, but for settings`() throws {
    let program = try Program(["-l", "kas"])
    program.type("start\n")
    try program.wait(for: "Issue Ctrl-C to stop monitoring")
    program.type("start\nset trunc 5\nstats\n")
    try program.wait(for: "Tail dropped: 0")
    program.type("exit\n")
    #expect(try program.exitStatus() == 0)
    #expect(
      program.errors == """
        dropwatch: monitoring is on already
        dropwatch: monitoring is on: type stop before changing settings

        """)
  }

  @Test func `a reader that goes away ends it quietly`() throws {
    let program = try Program(["-l", "kas"], wrapper: ["sh", "-c", #""$0" "$@" | head -1"#])
    #expect(try program.exitStatus() == 0)
    #expect(program.output == "Initializing kallsyms db\n")
    #expect(program.errors.isEmpty)
  }

  @Test func `a terminal gets the prompt, editing, history and completion`() throws {
    let program = try Program([], on: .terminal)
    try program.wait(for: "dropwatch> ")
    #expect(!program.terminalMode().isCanonical)
    program.type("set alertm\tp\t\r")
    try program.wait(for: "Alert mode successfully set")
    try program.wait(for: "dropwatch> ")
    program.type("shwo\u{8}\u{8}ow\r")
    try program.wait(for: "Alert mode: Packet")
    try program.wait(for: "dropwatch> ")
    // The line before the last.
    program.type("\u{1b}[A\u{1b}[A\r")
    try program.wait(for: "Alert mode successfully set")
    try program.wait(for: "dropwatch> ")
    program.type("\u{4}")
    #expect(try program.exitStatus() == 0)
    #expect(program.output.hasSuffix("Terminating dropwatch...\r\nShutting down ...\r\n"))
  }

  @Test func `a key that never comes whole holds up neither Ctrl-C nor SIGTERM`() throws {
    let program = try Program([], on: .terminal)
    try program.wait(for: "dropwatch> ")
    program.type("\u{1b}")
    program.type("\u{3}")
    try program.wait(for: "^C\r\ndropwatch> ")
    program.type("\u{1b}")
    program.signal(SIGTERM)
    try program.wait(for: "\r\nShutting down ...")
    let mode = program.terminalMode()
    #expect(mode.echoes && mode.isCanonical)
    #expect(try program.exitStatus() == 0)
  }

  @Test func `on a terminal lines typed while monitoring are commands`() throws {
    let port = try ClosedPort()
    let program = try Program(["-l", "kas"], on: .terminal)
    try program.wait(for: "dropwatch> ")
    program.type("start\r")
    try program.wait(for: "Issue Ctrl-C to stop monitoring")
    #expect(program.terminalMode() == (true, true))
    try port.drop(8)
    try program.wait(for: "[software]")
    program.type("stop\n")
    try program.wait(for: "Got a stop message")
    try program.wait(for: "dropwatch> ")
    program.type("exit\r")
    #expect(try program.exitStatus() == 0)
  }

  @Test func `a terminal that hangs up ends it`() throws {
    let program = try Program([], on: .terminal)
    try program.wait(for: "dropwatch> ")
    program.closeInput()
    #expect(try program.exitStatus() == 0)
  }

  @Test func `methods are listed, and an unknown one is a usage error that names them`() throws {
    for option in ["-l", "--lmethod"] {
      let list = try Program([option, "list"])
      #expect(try list.exitStatus() == 0)
      #expect(list.output == "Available lookup methods:\nkas - use /proc/kallsyms\n")
    }
    let unknown = try Program(["-l", "magic"])
    #expect(try unknown.exitStatus() == 64)
    #expect(unknown.errors.contains("'kas' and 'list'"))
  }

  @Test func `without a terminal and a method it is watch`() throws {
    let program = try Program([])
    program.closeInput()
    usleep(700_000)
    program.signal(SIGTERM)
    #expect(try program.exitStatus() == 0)
    #expect(!program.output.contains("dropwatch> "))
    #expect(program.output.contains("seen "))
  }
}
