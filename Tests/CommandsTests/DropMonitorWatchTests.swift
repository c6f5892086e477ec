import DropLab
import Glibc
import Testing

/// `dropwatch` on the kernel's drop monitor, from the outside.
///
/// The monitor is one for the machine: nothing else may use it meanwhile.
@Suite(
  .serialized, .enabled(if: NetDM.isAvailable && geteuid() == 0, Comment(rawValue: NetDM.reason)))
struct DropMonitorWatchTests {
  /// The program watching, once it has said so.
  private func watching(_ arguments: String...) throws -> Program {
    let program = try Program(["watch", "--source", "netdm", "--json"] + arguments)
    try program.wait(for: #""type":"session""#)
    return program
  }

  private func endsCleanly(_ program: Program) throws {
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    #expect(try DwdumpRun.isOff())
  }

  @Test func `packet mode tells the reason, the protocol and nothing that it cannot know`() throws {
    let port = try ClosedPort()
    let program = try watching("--alert-mode", "packet")
    try port.drop(25)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let tally = try #require(
      program.output.split(separator: "\n").first { $0.contains(#""drops":25,"bytes":3550,"#) })
    #expect(tally.contains(#""transport":"udp""#))
    #expect(!tally.contains(#""netns""#))
    #expect(program.output.contains(#""mechanism":"packet, software+hardware""#))
    #expect(program.output.contains(#""missed":0}"#))
    try #require(try DwdumpRun.isOff())
  }

  @Test func `an expression leaves out what does not match, and that is counted`() throws {
    let port = try ClosedPort()
    let program = try watching("udp dst port 9")
    try port.drop(25)
    try port.dropElsewhere()
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let lines = program.output.split(separator: "\n")
    #expect(lines.contains { $0.contains(#""drops":25,"bytes":3550,"#) })
    let tallies = lines.filter { $0.contains(#""type":"tally""#) }
    #expect(tallies.allSatisfy { $0.contains(#""transport":"udp""#) })
    #expect(program.output.contains(#""filter":"udp dst port 9""#))
    let loss = try #require(lines.last { $0.contains(#""type":"loss""#) })
    #expect(loss.contains(#""tallied":25,"#), "\(loss)")
    #expect(!loss.contains(#""filtered":0,"#), "\(loss)")
    try #require(try DwdumpRun.isOff())
  }

  @Test func `its packets are lines like any others`() throws {
    let port = try ClosedPort()
    let program = try Program(["packets", "--source", "netdm", "udp dst port 9"])
    try program.waitForErrors(" on ")
    try port.drop(25, payload: 77)
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    let lines = program.output.split(separator: "\n")
    #expect(lines.count == 25)
    #expect(lines.allSatisfy { $0.contains(" UDP 127.0.0.1:") && $0.hasSuffix(":9 len 77") })
    try #require(try DwdumpRun.isOff())
  }

  @Test func `a monitor that is on is left alone, and its owner is named`() throws {
    let owner = try watching()
    let second = try Program(["watch", "--source", "netdm"])
    #expect(try second.exitStatus() == 2)
    #expect(
      second.errors.contains(
        "the kernel's drop monitor is on already, and dropwatch[\(owner.process)] listens to it"))
    #expect(second.errors.contains("--take-over stops it first, --passive listens along"))
    try endsCleanly(owner)
  }

  @Test func `a listener counts what the owner counts`() throws {
    let port = try ClosedPort()
    let owner = try watching("--by", "site")
    let listener = try watching("--by", "site", "--passive")
    try port.drop(25)
    for program in [listener, owner] {
      program.signal(SIGINT)
      #expect(try program.exitStatus() == 0)
      #expect(program.output.contains(#""drops":25,"bytes":0,"segments":25,"total":25,"#))
    }
    #expect(try DwdumpRun.isOff())
  }

  @Test func `a run that somebody stops says that it is not whole, and ends with status 1`() throws
  {
    let program = try watching()
    #expect(!(try DwdumpRun.isOff()))
    program.signal(SIGTERM)
    #expect(try program.exitStatus() == 1)
    #expect(program.output.contains("somebody else has stopped the kernel's drop monitor"))
    #expect(program.output.contains(#""missed":0,"interrupted":true}"#))
  }

  @Test func `a run that is taken over says by whom`() throws {
    let former = try watching()
    let owner = try watching("--take-over")
    try former.wait(for: "dropwatch[\(owner.process)] has taken the kernel's drop monitor over")
    former.signal(SIGINT)
    #expect(try former.exitStatus() == 1)
    try endsCleanly(owner)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGKILL])
  func `whatever ends it, the kernel does not go on monitoring`(signal: Int32) throws {
    let program = try watching("--alert-mode", "packet")
    program.signal(signal)
    #expect(try program.exitStatus() == (signal == SIGKILL ? 128 + SIGKILL : 0))
    // The guard needs a moment.
    usleep(300_000)
    #expect(try DwdumpRun.isOff())
    #expect(
      try DwdumpRun.query() == "Alert mode: summary\nTruncation length: 0\nQueue length: 1000\n")
  }

  @Test func `doctor finds it without touching it`() throws {
    let owner = try watching("--alert-mode", "packet")
    let doctor = try Program(["doctor"])
    _ = try doctor.exitStatus()
    #expect(
      doctor.output.contains("packet mode, queue of 16384, dropwatch[\(owner.process)] listens"))
    try endsCleanly(owner)
  }
}
