import DropLab
import Glibc
import Testing

/// `dropwatch report FILE FILTER`: the filters of the live tool, asked of a recording.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct RecordedFilterTests {
  /// A recording of 25 datagrams to a closed port and a connection to it, three packets of each kind.
  private func record(limit: String, _ body: (String) throws -> Void) throws {
    let folder = try Command.run(["mktemp", "-d"]).split(separator: "\n").joined()
    defer { _ = try? Command.run(["rm", "-r", folder]) }
    let port = try ClosedPort()
    let program = try Program(
      ["record", "\(folder)/drops.db", "--limit", limit, "port 9", "--reason", "NO_SOCKET"])
    try program.waitForErrors("Recording to")
    try port.drop(25)
    try port.dropElsewhere()
    program.signal(SIGINT)
    #expect(try program.exitStatus() == 0)
    try body("\(folder)/drops.db")
  }

  private func report(_ arguments: String...) throws -> (text: String, account: [String: Int]) {
    let program = try Program(["report"] + arguments)
    #expect(try program.exitStatus() == 0, "\(program.errors)")
    return (program.output, Transcript(program.output).account)
  }

  @Test func `kinds of drops are chosen by name, and counted exactly`() throws {
    try record(limit: "3") { file in
      let all = try report(file)
      #expect(all.text.contains("Filter: port 9; reason=NO_SOCKET\n"))
      #expect(all.account["tallied"] == 26)
      let datagrams = try report(file, "--site", "__udp4_lib_rcv", "--device", "lo")
      #expect(datagrams.account["tallied"] == 25)
      #expect(datagrams.account["filtered"] == (all.account["filtered"] ?? 0) + 1)
      #expect(
        datagrams.text.contains(
          "Filter: port 9; reason=NO_SOCKET; site=__udp4_lib_rcv; device=lo\n"))
      #expect(try report(file, "--reason", "skb_drop_reason_no_socket").account["tallied"] == 26)
      #expect(try report(file, "--not-reason", "core/NO_SOCKET").account["tallied"] == 0)
    }
  }

  @Test func `an expression is asked of the packets, and what has none counts as missed`() throws {
    try record(limit: "3") { file in
      let found = try report(file, "udp", "and", "dst", "port", "9", "--packets")
      #expect(found.account["tallied"] == 3)
      #expect(found.account["missed"] == 22)
      #expect(found.text.contains("udp and dst port 9 can be asked only of packets: 4 of 26 drops"))
      #expect(found.text.split(separator: "\n").count { $0.contains(" UDP 127.0.0.1:") } == 3)
      #expect(!found.text.contains(" TCP "))
    }
    try record(limit: "all") { file in
      let found = try report(file, "tcp port 9")
      #expect(found.account["tallied"] == 1)
      #expect(found.account["missed"] == 0)
      #expect(!found.text.contains("can be asked only of packets"))
      #expect(try report(file, "--uid", "0").account["tallied"] == 0)
    }
  }

  @Test(arguments: [
    (["--reason", "NO_SOCKT"], "no drop reason 'NO_SOCKT' in the recording. Near it: NO_SOCKET"),
    (["--device", "eth7"], "there is no device 'eth7' in the recording"),
    (["udp port"], "cannot understand the filter 'udp port'"),
  ])
  func `a word that nobody knows is refused`(arguments: [String], words: String) throws {
    try record(limit: "3") { file in
      let program = try Program(["report", file] + arguments)
      #expect(try program.exitStatus() == 2)
      #expect(program.errors.contains(words), "\(program.errors)")
    }
  }
}
