import DropLab
import Glibc
import Testing

/// `dropwatch check` on real drops: what scripts and servers of continuous integration get.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct CheckTests {
  private static let own = "udp dst port 9 and len = 142"

  @Test(arguments: [
    (25, ["--max", "NO_SOCKET=25"], 0), (25, ["--max", "NO_SOCKET=24"], 1),
    (25, ["--max-total", "25"], 0), (25, ["--max-total", "24"], 1),
    (25, ["--max", "SOCKET_RCVBUFF=0"], 0), (25, ["--max", "skb_drop_reason_no_socket=3"], 1),
    (25, ["--max", "__udp4_lib_rcv=24", "--max", "CPU_BACKLOG=0"], 1), (0, [], 0), (1, [], 1),
  ])
  func `the status says whether every limit was kept`(
    drops: Int, arguments: [String], status: Int32
  ) throws {
    let port = try ClosedPort()
    let program = try Program(["check", Self.own, "--for", "20s", "--json"] + arguments)
    try program.wait(for: "\"blind\"")
    try port.drop(drops)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == status)
    #expect(try Schema.types(of: program.output) == ["limit", "loss", "session", "verdict"])
    #expect(program.output.contains("\"passed\":\(status == 0)"))
  }

  @Test func `servers can read the report`() throws {
    let folder = try Command.run(["/bin/mktemp", "-d"]).filter { !$0.isNewline }
    defer { _ = try? Command.run(["/bin/rm", "-r", folder]) }
    let port = try ClosedPort()
    let program = try Program([
      "check", Self.own, "--max", "NO_SOCKET=3", "--max-total", "1000", "--junit",
      "\(folder)/report.xml", "--", "sh", "-c", "echo \"<ready> & go\"; read line; exit 7",
    ])
    try program.wait(for: "<ready> & go")
    try port.drop(4)
    program.type("go\n")
    #expect(try program.exitStatus() == 1)
    #expect(program.output.contains("Failed: NO_SOCKET: 4 drops, at most 3 allowed."))
    #expect(program.output.contains("sh ended with status 7"))
    let script = """
      import sys, xml.etree.ElementTree as tree
      suite = tree.parse(sys.argv[1]).getroot()[0]
      print([suite.get(n) for n in ("tests", "failures", "errors")])
      for case in suite: print(case.get("name"), "|", [(e.tag, e.get("message")) for e in case])
      """
    let report = try Command.run(["/usr/bin/python3", "-c", script, "\(folder)/report.xml"])
    let lines = report.split(whereSeparator: \.isNewline)
    try #require(lines.count == 4)
    #expect(lines[0] == "['3', '2', '0']")
    #expect(lines[1].hasPrefix("NO_SOCKET at most 3 | [('failure', 'NO_SOCKET: 4 drops"))
    #expect(lines[2] == "all drops at most 1000 | []")
    #expect(lines[3].hasPrefix("sh -c echo \"<ready> & go\""))
    #expect(lines[3].hasSuffix("[('failure', 'sh ended with status 7')]"))
  }

  @Test func `a command's output is kept from the JSON`() throws {
    let program = try Program(["check", Self.own, "--json", "--", "echo", "hello"])
    #expect(try program.exitStatus() == 0)
    #expect(program.errors == "hello\n")
    #expect(try Schema.types(of: program.output) == ["limit", "loss", "session", "verdict"])
  }

  @Test(arguments: [
    (["--max", "NO_SOKET=1"], 64, "Near: NO_SOCKET"), (["--max", "NO_SOCKET"], 64, "--max"),
    (["--max", "netstat.UdpNoPorts=1"], 64, "no drop reason or site"),
    (["--junit", "/no/such/folder/report.xml"], 2, "cannot write /no/such/folder/report.xml"),
    (["--", "/no/such/program"], 2, "cannot start /no/such/program"),
  ])
  func `what cannot be checked is refused`(
    arguments: [String], status: Int32, message: String
  ) throws {
    let program = try Program(["check"] + arguments)
    #expect(try program.exitStatus() == status)
    #expect(program.errors.contains(message))
  }
}
