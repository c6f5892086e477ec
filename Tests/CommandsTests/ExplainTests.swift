import Bytes
import Diagnosis
import Testing

/// `dropwatch explain`, and what is generated from the same data.
struct ExplainTests {
  /// What the program says to a question, and its status.
  static func explain(_ words: String...) throws -> (status: Int32, output: String, errors: String)
  {
    let program = try Program(["explain"] + words)
    let status = try program.exitStatus()
    return (status, program.output, program.errors)
  }

  @Test(arguments: [
    "SKB_DROP_REASON_SOCKET_RCVBUFF", "socket_rcvbuff", "tcp_v4_rcv+0x9e", "UdpRcvbufErrors",
    "link.eth0.rx_dropped", "METER",
  ])
  func `a name is understood in every spelling`(name: String) throws {
    let run = try Self.explain(name)
    #expect(run.status == 0)
    let names = ["SOCKET_RCVBUFF", "tcp_v4_rcv", "netstat.UdpRcvbufErrors", "link.rx_dropped"]
    let title = run.output.split(separator: "\n").first.map(String.init) ?? ""
    #expect((names + ["openvswitch/METER"]).contains(title), "\(title)")
    #expect(run.output.contains("Station"))
  }

  @Test func `words are searched for, what fits best comes first`() throws {
    let run = try Self.explain("receive", "buffer", "socket")
    #expect(run.status == 0)
    #expect(run.output.contains("\nSOCKET_RCVBUFF "))
    #expect(run.output.hasPrefix("NAME"))
    #expect(try Schema.types(of: Self.explain("receive", "buffer", "--json").output) == ["match"])
  }

  @Test func `what nothing has is said, with status 1`() throws {
    let run = try Self.explain("flux", "capacitor")
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("nothing known has the words \"flux capacitor\""))
  }

  @Test func `everything is listed as JSON that the schema describes`() throws {
    let run = try Self.explain("--list", "--json")
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == Knowledge.embedded.names.count)
    #expect(try Schema.types(of: run.output) == ["explanation"])
  }

  @Test func `docs reasons are what the knowledge says`() throws {
    let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    for layer in Knowledge.embedded.layers {
      let run = try Self.explain("--list", layer, "--format", "markdown")
      let path = "\(root)/docs/reasons/\(layer).md"
      let committed = try String(decoding: [UInt8](contentsOfFile: path), as: UTF8.self)
      #expect(run.output == committed, "\(path) is old: run make reasons")
    }
  }
}
