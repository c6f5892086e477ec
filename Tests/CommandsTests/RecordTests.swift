import DropLab
import Glibc
import Testing

/// `record` and what reads its files, as a user meets them.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF, namespaces and mounts need root"))
struct RecordTests {
  private let folder: String

  init() {
    var template = Array("/tmp/dropwatch-record.XXXXXX".utf8CString)
    unsafe mkdtemp(&template)
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private var file: String { folder + "/drops.db" }

  private func remove() { _ = try? Command.run(["/bin/rm", "-rf", folder]) }

  private func recording(_ arguments: String...) throws -> Program {
    let program = try Program(["record", file] + arguments)
    try program.waitForErrors("Recording to")
    return program
  }

  /// Runs a command of ours to its end.
  private func run(_ arguments: String...) throws -> (status: Int32, output: String, errors: String)
  {
    let program = try Program(arguments)
    let status = try program.exitStatus()
    return (status, program.output, program.errors)
  }

  @Test func `a recording holds exactly what was dropped, and reports it`() throws {
    defer { remove() }
    let port = try ClosedPort()
    let program = try recording("--limit", "all", "udp port 9")
    try port.drop(25, payload: 77)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(program.errors.contains("25 of 25 drops and 25 packets"))
    let report = try run("report", file)
    #expect(report.status == 0)
    #expect(report.output.contains("NO_SOCKET"))
    let account = Transcript(report.output).account
    #expect(account["tallied"] == 25)
    let json = try run("report", file, "--json", "--packets")
    #expect(try Schema.types(of: json.output) == ["loss", "packet", "session", "summary", "tally"])
    let lines = json.output.split(separator: "\n")
    #expect(lines.filter { $0.contains("\"type\":\"packet\"") }.count == 25)
  }

  @Test func `it lasts as long as its command, whose status is told`() throws {
    defer { remove() }
    let program = try Program(["record", file, "--", "sh", "-c", "exit 3"])
    #expect(try program.exitStatus() == 0)
    #expect(program.errors.contains("sh ended with status 3"))
    #expect(try run("report", file).status == 0)
  }

  @Test func `a command that cannot be started is told`() throws {
    defer { remove() }
    let program = try Program(["record", file, "--", "/no/such/program"])
    #expect(try program.exitStatus() == 2)
    #expect(program.errors.contains("cannot start /no/such/program: no such file"))
  }

  @Test func `after a kill what was safe is there, and the reader says what is missing`() throws {
    defer { remove() }
    let port = try ClosedPort()
    let program = try recording("--limit", "all", "--interval", "200ms", "udp port 9")
    try port.drop(30)
    usleep(1_400_000)
    program.signal(SIGKILL)
    #expect(try program.exitStatus() == 128 + SIGKILL)
    let report = try run("report", file)
    #expect(report.status == 0)
    #expect(report.output.contains("was not ended properly"))
    #expect(Transcript(report.output).account["tallied"] == 30)
    let packets = try run("convert", file, "--to", "json")
    #expect(
      packets.output.split(separator: "\n").filter { $0.contains("\"type\":\"packet\"") }.count
        == 30)
  }

  @Test func `on a full disk what is safe stays, what is lost is counted, and the status is 1`()
    throws
  {
    let disk = folder + "/disk"
    try Command.run(["/bin/mkdir", disk])
    try Command.run(["/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk])
    defer {
      _ = try? Command.run(["/bin/umount", disk])
      remove()
    }
    let port = try ClosedPort()
    let program = try Program([
      "record", disk + "/drops.db", "--limit", "all", "--snap", "1600", "--interval", "200ms",
      "udp port 9",
    ])
    try program.waitForErrors("Recording to")
    try port.drop(10)
    usleep(600_000)
    // Far more than there is room for.
    for _ in 0..<20 {
      guard !program.errors.contains("the disk is full") else { break }
      try port.drop(200, payload: 1400)
      program.drain(milliseconds: 100)
    }
    #expect(try program.exitStatus() == 1)
    #expect(program.errors.contains("cannot write \(disk)/drops.db: the disk is full"))
    #expect(program.errors.contains(" is safe: "))
    #expect(program.errors.contains("packets read since"))
    let report = try run("report", disk + "/drops.db")
    #expect(report.status == 0)
    #expect(report.output.contains("was not ended properly"))
    #expect(try #require(Transcript(report.output).account["tallied"]) >= 10)
  }

  @Test func `a file that is there is refused before anything is attached`() throws {
    defer { remove() }
    try Command.run(["/bin/touch", file])
    let refused = try run("record", file, "--duration", "100ms")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("exists already. Give another name, or --overwrite"))
    #expect(try run("record", file, "--duration", "100ms", "--overwrite").status == 0)
    #expect(try run("record", "-", "--duration", "100ms").errors.contains("cannot be a stream"))
  }

  @Test func `tshark reads what a recording is converted to`() throws {
    defer { remove() }
    let port = try ClosedPort()
    let program = try recording("--limit", "all", "udp port 9")
    try port.drop(25, payload: 77)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let pcapng = folder + "/drops.pcapng"
    let converted = try run("convert", file, "--to", "pcapng", "-o", pcapng)
    #expect(converted.status == 0 && converted.errors.isEmpty)
    let fields = [
      "frame.interface_name", "frame.comment", "udp.dstport", "frame.len", "_ws.malformed",
    ]
    let table = try Command.run(
      ["/usr/bin/tshark", "-r", pcapng, "-T", "fields"] + fields.flatMap { ["-e", $0] })
    let rows = table.split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    #expect(rows.count == 25)
    for row in rows {
      #expect(row[0].hasPrefix("lo@"))
      #expect(row[1].hasPrefix("NO_SOCKET at __udp4_lib_rcv+0x"))
      #expect(row[2] == "9" && row[3] == "\(77 + 42)" && row[4].isEmpty)
    }
  }

  @Test func `stacks, tables and differences come of recordings as well`() throws {
    defer { remove() }
    let port = try ClosedPort()
    let program = try recording("--limit", "all", "--stack", "udp port 9")
    try port.drop(20)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let folded = try run("convert", file, "--to", "folded")
    #expect(folded.output.contains(";__udp4_lib_rcv;"))
    #expect(folded.output.hasSuffix(";[NO_SOCKET] 20\n"))
    let csv = try run("convert", file, "--to", "csv")
    #expect(csv.output.contains(",core,NO_SOCKET,__udp4_lib_rcv,"))
    let quiet = folder + "/quiet.db"
    #expect(try run("record", quiet, "--duration", "1s", "udp port 9").status == 0)
    let diff = try run("diff", quiet, file)
    #expect(diff.status == 0)
    #expect(diff.output.contains("new "))
    #expect(diff.output.contains("<0.001"))
    let json = try run("diff", quiet, file, "--json")
    #expect(try Schema.types(of: json.output) == ["comparison", "difference"])
  }
}
