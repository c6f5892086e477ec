import DropLab
import Glibc
import Testing

/// `dropwatch counters` as a user meets it.
@Suite(.serialized, .enabled(if: geteuid() == 0, "namespaces need root"))
struct CountersTests {
  /// A namespace where datagrams to port 9 find nobody.
  private func namespace(_ lab: Lab) throws -> (LabNamespace, LabSocket) {
    let namespace = try lab.makeNamespace(.a)
    return (namespace, try LabSocket(lab, namespace, .udp))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a signal ends it with the totals`(signal: Int32) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (namespace, socket) = try namespace(lab)
    let program = try Program(["counters", "--netns", namespace.name, "--interval", "200ms"])
    try program.wait(for: "Ctrl-C ends with totals.", milliseconds: 2000)
    try socket.send(to: "127.0.0.1", 9, size: 100, count: 25)
    try program.wait(for: "netstat.UdpNoPorts", milliseconds: 3000)
    program.signal(signal)
    #expect(try program.exitStatus() == 0)
    #expect(program.errors.isEmpty)
    let lines = program.output.split(separator: "\n")
    let last = try #require(lines.last { $0.contains("netstat.UdpNoPorts") })
    let words = last.split(separator: " ")
    let name = try #require(words.firstIndex(of: "netstat.UdpNoPorts"))
    #expect(words[name + 2] == "25")
    #expect(lines.contains { $0.hasPrefix("STATION") && $0.contains("TOTAL  MEANING") })
    #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    // What went well is not shown unasked.
    #expect(!program.output.contains("netstat.IpInReceives"))
    #expect(!program.output.contains("\u{1B}"))
  }

  @Test func `JSON is as promised, and adds up to the total`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (namespace, socket) = try namespace(lab)
    let program = try Program(
      ["counters", "--netns", namespace.name, "--interval", "200ms", "--json"])
    try program.wait(for: "\"changed\":", milliseconds: 2000)
    try socket.send(to: "127.0.0.1", 9, size: 100, count: 25)
    try program.wait(for: "netstat.UdpNoPorts", milliseconds: 3000)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(try Schema.types(of: program.output) == ["counters"])
    let lines = program.output.split(separator: "\n")
    let last = try #require(lines.last)
    #expect(last.contains("\"name\":\"\(namespace.name)\""))
    #expect(last.contains("\"total\":{") && last.contains("\"netstat.UdpNoPorts\":25"))
    #expect(last.contains("\"duration_s\":"))
    // The machine's own have no namespace.
    #expect(lines.contains { !$0.contains("netns") })
  }

  @Test func `--all shows what went well, --count ends it`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (namespace, socket) = try namespace(lab)
    let program = try Program(
      ["counters", "--netns", namespace.name, "--all", "--interval", "500ms", "--count", "2"])
    try program.wait(for: "Watching ")
    try socket.send(to: "127.0.0.1", 9, size: 100, count: 5)
    #expect(try program.exitStatus() == 0)
    #expect(program.output.contains("netstat.IpInReceives"))
    #expect(program.output.contains("link.lo.rx_packets"))
    #expect(program.output.contains("counters moved in 1."))
  }

  @Test func `named namespaces are watched as they come and go`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let program = try Program(["counters", "--interval", "200ms"])
    try program.wait(for: "Watching ")
    let (namespace, socket) = try namespace(lab)
    // It is found at the end of an interval, and counts from then on.
    usleep(700_000)
    try socket.send(to: "127.0.0.1", 9, size: 100, count: 5)
    try program.wait(for: namespace.name, milliseconds: 3000)
    try Command.run(["ip", "netns", "delete", namespace.name])
    try program.wait(for: "\(namespace.name) is gone; its totals remain", milliseconds: 3000)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    try #require(program.output.contains(" moved in "))
  }

  @Test func `a namespace that nobody knows is refused with a sentence`() throws {
    let program = try Program(["counters", "--netns", "dwlab-no-such"])
    #expect(try program.exitStatus() == 2)
    #expect(program.errors.contains("there is no network namespace 'dwlab-no-such'"))
    #expect(try Program(["counters", "--count", "0"]).exitStatus() == 64)
  }

  @Test func `a reader that goes ends it`() throws {
    let output = try Command.run([
      "/bin/sh", "-c", "\(Program.path) counters --interval 50ms --all --total | head -n 2",
    ])
    #expect(output.contains("Watching "))
  }
}
