import DropLab
import Glibc
import Testing

/// `dwdump` on a kernel that has a drop monitor, from the outside.
///
/// The monitor is one for the machine: nothing else may use it meanwhile.
@Suite(
  .serialized, .enabled(if: NetDM.isAvailable && geteuid() == 0, Comment(rawValue: NetDM.reason)))
struct DwdumpTests {
  /// How the kernel is configured before each test, which must be how it is after it.
  private let found: String

  init() throws {
    found = try DwdumpRun.query()
    try #require(try DwdumpRun.isOff(), "a monitor was on, which is now off: try again")
  }

  /// The kernel is as it was found.
  private func expectRestored() throws {
    #expect(try DwdumpRun.query() == found)
    #expect(try DwdumpRun.isOff())
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `Wireshark knows the family, the drop and the packet in it`(signal: Int32) throws {
    let port = try ClosedPort()
    let run = try DwdumpRun()
    #expect(
      try DwdumpRun.query() == "Alert mode: packet\nTruncation length: 0\nQueue length: 16384\n")
    try port.drop(25)
    #expect(try run.end(signal) == 0)
    let rows = try run.dissected(
      "net_dm.cmd", "net_dm.origin", "net_dm.orig_len", "udp.dstport", "udp.length", "data.len",
      "net_dm.symbol")
    let own = rows.filter { $0.dropLast() == ["5", "0", "142", "9", "108", "100"] }
    #expect(own.count == 25)
    #expect(own.allSatisfy { $0.last?.contains("udp") == true })
    // The family's description and nothing else is no alert.
    #expect(
      try DwdumpRun.tshark(run.path, "!net_dm", ["genl.ctrl.family_name"]) == [["NET_DM"]])
    #expect(run.program.errors.hasPrefix("dwdump: wrote "))
    #expect(run.program.errors.split(separator: "\n").count == 1)
    try expectRestored()
  }

  @Test func `short packets are still dissected up to their ports`() throws {
    let port = try ClosedPort()
    let run = try DwdumpRun("-t", "64")
    #expect(
      try DwdumpRun.query() == "Alert mode: packet\nTruncation length: 64\nQueue length: 16384\n")
    try port.drop(25)
    #expect(try run.end() == 0)
    let rows = try run.dissected("net_dm.orig_len", "udp.dstport")
    let own = rows.filter { $0[0] == "142" && $0[1] == "9" }
    #expect(own.count == 25)
    try expectRestored()
  }

  @Test func `a single byte of each packet still makes a file that is whole`() throws {
    let port = try ClosedPort()
    let run = try DwdumpRun("-t", "1", "-l", "50")
    #expect(try DwdumpRun.query() == "Alert mode: packet\nTruncation length: 1\nQueue length: 50\n")
    try port.drop(25)
    #expect(try run.end() == 0)
    #expect(try run.dissected("net_dm.orig_len").filter { $0 == ["142"] }.count == 25)
    try expectRestored()
  }

  @Test func `hardware alone drops nothing here`() throws {
    let port = try ClosedPort()
    let run = try DwdumpRun("-o", "hw")
    try port.drop(25)
    #expect(try run.end() == 0)
    #expect(try run.dissected("net_dm.cmd").isEmpty)
    #expect(run.program.errors.contains("wrote 0 packets"))
    try expectRestored()
  }

  @Test func `5,000 of 5,000 packets are in the file, and nothing is lost`() throws {
    let port = try ClosedPort()
    let run = try DwdumpRun("--json")
    try port.drop(5000)
    #expect(try run.end() == 0)
    #expect(
      run.program.errors.contains(
        #""tail_dropped":0,"overrun":0,"unreadable":0,"unwritten":0,"disturbed":false"#))
    #expect(run.program.errors.contains("\"bytes\":\(run.size),"))
    let rows = try run.dissected("net_dm.orig_len", "udp.dstport")
    #expect(rows.filter { $0 == ["142", "9"] }.count == 5000)
    try expectRestored()
  }

  @Test func `its JSON is valid by the schema`() throws {
    let run = try DwdumpRun("--json", "--duration", "100ms")
    let query = try Program(["-q", "--json"], of: "dwdump")
    let statistics = try Program(["-s", "--json"], of: "dwdump")
    for program in [query, statistics, run.program] { #expect(try program.exitStatus() == 0) }
    let script = """
      import json, sys, jsonschema
      schema, *lines = sys.argv[1:]
      validator = jsonschema.Draft202012Validator(json.loads(schema))
      for line in lines:
          validator.validate(json.loads(line))
          print(json.loads(line)["type"])
      """
    let schema = try Command.run([Program.path, "schema"])
    let lines = [query.output, statistics.output, run.program.errors]
    #expect(
      try Command.run(["/usr/bin/python3", "-c", script, schema] + lines)
        == "configuration\nstatistics\ncapture\n")
  }

  @Test func `what the kernel's queue could not hold is told, and makes status 1`() throws {
    let provocation = try #require(Provocation.named("fragment-late"))
    let run = try DwdumpRun("-l", "1")
    let lab = try Lab()
    defer { lab.close() }
    // Five fragments are dropped at once, in a timer: nobody can empty the queue meanwhile.
    try provocation.run(in: lab)
    usleep(1_000_000)
    #expect(try run.end() == 1)
    #expect(run.lost("tail-dropped by the kernel"))
    #expect(run.program.errors.contains("the kernel's queue of 1 packets was full"))
    try expectRestored()
  }

  @Test func `what the socket could not hold is told, and makes status 1`() throws {
    let port = try ClosedPort()
    let run = try DwdumpRun("-b", "4096")
    run.program.signal(SIGSTOP)
    try port.drop(2000)
    usleep(1_500_000)
    run.program.signal(SIGCONT)
    #expect(try run.end() == 1)
    #expect(run.lost("by the socket"))
    #expect(run.program.errors.contains("the socket's buffer of 4096 bytes was full"))
    try expectRestored()
  }

  @Test func `a number of packets is kept to exactly`() throws {
    let port = try ClosedPort()
    let run = try DwdumpRun("--count", "7")
    try port.drop(20)
    #expect(try run.program.exitStatus() == 0)
    #expect(try run.dissected("net_dm.cmd").count == 7)
    try expectRestored()
  }

  @Test func `time ends it`() throws {
    let run = try DwdumpRun("--duration", "200ms")
    #expect(try run.program.exitStatus() == 0)
    try expectRestored()
  }

  @Test func `a kill -9 leaves the monitor off and configured as it was`() throws {
    let run = try DwdumpRun("-t", "64")
    #expect(try run.end(SIGKILL) == 128 + SIGKILL)
    for _ in 0..<50 {
      if try DwdumpRun.query() == found { break }
      usleep(20_000)
    }
    try expectRestored()
  }

  @Test func `a start right after a kill -9 succeeds`() throws {
    let killed = try DwdumpRun("-t", "64")
    killed.program.signal(SIGKILL)
    let run = try DwdumpRun("--duration", "100ms")
    #expect(try run.program.exitStatus() == 0)
    #expect(try DwdumpRun.isOff())
  }

  @Test func `a second one is told who has the monitor, and loses no older file`() throws {
    let run = try DwdumpRun()
    let path = "/tmp/dwdump-test-\(getpid())-older"
    try Command.run(["/bin/sh", "-c", "printf older > \(path)"])
    defer { unsafe _ = unlink(path) }
    let second = try Program(["-w", path], of: "dwdump")
    #expect(try second.exitStatus() == 2)
    #expect(second.errors.contains("dwdump[\(run.program.process)] listens to it. --take-over"))
    #expect(try KernelFile.text(of: path) == "older")
    #expect(try run.end() == 0)
    try expectRestored()
  }

  @Test func `one that listens along gets the same packets and touches nothing`() throws {
    let port = try ClosedPort()
    let run = try DwdumpRun("-t", "64")
    let second = try DwdumpRun("--passive")
    try port.drop(25)
    #expect(try second.end() == 0)
    #expect(!(try DwdumpRun.query() == found))
    try port.drop(5)
    #expect(try run.end() == 0)
    #expect(try second.dissected("net_dm.orig_len").filter { $0 == ["142"] }.count == 25)
    #expect(try run.dissected("net_dm.orig_len").filter { $0 == ["142"] }.count == 30)
    try expectRestored()
  }

  @Test(arguments: [SIGTERM, SIGKILL])
  func `the end of a former owner does not end the new one's capture`(signal: Int32) throws {
    let port = try ClosedPort()
    let former = try DwdumpRun("-t", "63")
    let owner = try DwdumpRun("--take-over", "-t", "99")
    try former.program.waitForErrors("has taken the kernel's drop monitor over")
    #expect(former.program.errors.contains("dwdump[\(owner.program.process)] has taken"))
    #expect(try former.end(signal) == (signal == SIGKILL ? 128 + SIGKILL : 1))
    usleep(300_000)
    try port.drop(25)
    #expect(try owner.end() == 0)
    #expect(try owner.dissected("net_dm.orig_len").filter { $0 == ["142"] }.count == 25)
    #expect(try DwdumpRun.isOff())
    // What it found is what the former owner had asked for.
    #expect(
      try DwdumpRun.query() == "Alert mode: packet\nTruncation length: 63\nQueue length: 16384\n")
  }

  @Test func `a monitor that somebody stops is told of, with status 1`() throws {
    let run = try DwdumpRun()
    #expect(!(try DwdumpRun.isOff()))
    #expect(try run.end() == 1)
    #expect(run.program.errors.contains("somebody else has stopped the kernel's drop monitor"))
    try expectRestored()
  }

  @Test func `a full disk leaves whole records and a monitor that is off`() throws {
    let port = try ClosedPort()
    let folder = "/tmp/dwdump-test-\(getpid())-small"
    unsafe _ = mkdir(folder, 0o700)
    defer { unsafe _ = rmdir(folder) }
    try Command.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder])
    defer { _ = try? Command.run(["umount", folder]) }
    let run = try DwdumpRun(path: folder + "/x.pcap")
    try port.drop(2000)
    #expect(try run.program.exitStatus() == 2)
    #expect(run.program.errors.contains("cannot write \(run.path): no space left on device"))
    #expect(run.lost("unwritten"))
    let packets = try run.dissected("net_dm.cmd").count
    #expect((1..<2000).contains(packets))
    #expect(run.program.errors.contains("whole up to packet \(packets);"))
    #expect(try Command.run(["capinfos", "-c", "-M", run.path]).contains(" \(packets + 1)\n"))
    try expectRestored()
  }

  @Test func `a device that is always full is an error from the start`() throws {
    let output = try Command.run(
      ["/bin/sh", "-c", "\(Program.path(of: "dwdump")) 2>&1 > /dev/full; echo status $?"])
    #expect(output.contains("cannot write standard output: no space left on device"))
    #expect(output.hasSuffix("status 2\n"))
    try expectRestored()
  }

  @Test func `a reader that goes away ends it quietly, with its account`() throws {
    let script = """
      exec 3>&1
      (\(Program.path(of: "dwdump")) 2>&3; echo status $? >&3) | head -c 10 > /dev/null
      """
    let output = try Command.run(["/bin/sh", "-c", script])
    #expect(output.hasPrefix("dwdump: wrote 0 packets in 0 messages, 2"))
    #expect(output.hasSuffix("0 unwritten\nstatus 0\n"))
    try expectRestored()
  }

  @Test func `a terminal is refused`() throws {
    let program = try Program([], of: "dwdump", on: .terminal)
    #expect(try program.exitStatus() == 64)
    #expect(program.output.contains("packets are not for a terminal"))
    try expectRestored()
  }

  @Test(.enabled(if: unsafe access("/usr/bin/dwdump", X_OK) == 0, "the original is not installed"))
  func `queries print what the original prints`() throws {
    for option in ["-q", "-s"] {
      let program = try Program([option], of: "dwdump")
      #expect(try program.exitStatus() == 0)
      #expect(program.output == (try Command.run(["/usr/bin/dwdump", option])))
    }
  }
}
