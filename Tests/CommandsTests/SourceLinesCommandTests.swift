import DropLab
import Glibc
import Testing

/// `--source-lines` where there is no debug information, and on a recording of another kernel.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct SourceLinesCommandTests {
  /// Whether this machine has debug information of its kernel: `make vm-lines` is for that.
  private static let hasNone =
    (try? Program(["doctor"])).map { program in
      _ = try? program.exitStatus()
      return program.output.contains("no source lines of Linux")
    } ?? false

  @Test(.enabled(if: hasNone, "the kernel's debug information is here"))
  func `without debug information a sentence tells what brings it, and known files are told`()
    throws
  {
    let port = try ClosedPort()
    let program = try Program(["watch", "--source-lines", "--json", "--interval", "100ms"])
    try program.wait(for: "\"blind\"")
    try port.drop(25)
    try program.wait(for: "\"tally\"")
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(program.errors.hasPrefix("dropwatch: no source lines of Linux "))
    #expect(program.errors.contains("-dbg brings it"))
    #expect(program.errors.split(separator: "\n").count == 1)
    #expect(program.output.contains("\"file\":\"net/ipv4/udp.c\",\"line\":null"))
    #expect(!program.output.contains("\"note\""))
    _ = try Schema.types(of: program.output)
  }

  @Test(.enabled(if: hasNone, "the kernel's debug information is here"))
  func `packets and their stacks have the files, beside the site`() throws {
    let port = try ClosedPort()
    let program = try Program([
      "packets", "--source-lines", "--stack", "--count", "1", "udp dst port 9 and len = 142",
    ])
    try program.waitForErrors("Cannot see")
    try port.drop(3)
    #expect(try program.exitStatus() == 0)
    #expect(program.output.contains(" udp.c "))
    #expect(program.output.contains("\t__udp4_lib_rcv+0x"))
    #expect(program.output.contains(" net/ipv4/udp.c\n"))
  }

  @Test func `without the option nothing is told of files`() throws {
    let port = try ClosedPort()
    let program = try Program(["watch", "--json", "--interval", "100ms"])
    try program.wait(for: "\"blind\"")
    try port.drop(25)
    try program.wait(for: "\"tally\"")
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(program.errors.isEmpty)
    #expect(program.output.contains("\"file\":null,\"line\":null"))
  }

  @Test func `a recording of another kernel is told`() throws {
    let file = "/tmp/dwlab-lines-\(getpid()).db"
    defer { _ = try? Command.run(["/bin/rm", "-f", file]) }
    let recording = try Program(["record", file, "--duration", "300ms", "--interval", "100ms"])
    #expect(try recording.exitStatus() == 0)
    _ = try Command.run(["/usr/bin/sqlite3", file, "UPDATE run SET kernel = '6.1.0-other'"])
    let report = try Program(["report", file, "--source-lines"])
    #expect(try report.exitStatus() == 0)
    #expect(report.errors.contains("it was recorded on Linux 6.1.0-other, and this is Linux "))
  }
}
