import ArgumentParser
import Bytes
import DropSources
import Export
import Testing

@testable import Dwdump

struct DwdumpArgumentTests {
  @Test func `without options it asks for whole packets of both origins and a long queue`() throws {
    let options = try Dwdump.parse([]).options
    #expect(
      options.configuration
        == .init(alertMode: .packet, truncation: 0, queueLength: 16_384))
    #expect(options.software && options.hardware)
    #expect(options.approach == .considerate)
    #expect(options.receiveBuffer == 64 << 20)
  }

  @Test(arguments: [
    ["-w", "f", "-t", "64", "-l", "50", "-b", "1000", "-o", "sw", "-p"],
    [
      "--write", "f", "--trunc", "64", "--limit", "50", "--bufsize", "1000", "--origin", "sw",
      "--passive",
    ],
    ["--write=f", "--trunc=64", "--limit=50", "--bsize=1000", "--origin=sw", "--passive"],
  ])
  func `the original's options mean what they meant`(arguments: [String]) throws {
    let command = try Dwdump.parse(arguments)
    let options = command.options
    #expect(command.write == "f")
    #expect(options.configuration.truncation == 64)
    #expect(options.configuration.queueLength == 50)
    #expect(options.receiveBuffer == 1000)
    #expect(options.software && !options.hardware)
    #expect(options.approach == .passive)
  }

  @Test func `hardware alone, and a take-over`() throws {
    let options = try Dwdump.parse(["-o", "hw", "--take-over"]).options
    #expect(!options.software && options.hardware)
    #expect(options.approach == .takeOver)
  }

  @Test(arguments: [["-q"], ["--query"], ["-s"], ["--stats"], ["-e"], ["--exit"]])
  func `what is asked once is known by both names`(arguments: [String]) throws {
    let command = try Dwdump.parse(arguments)
    #expect([command.query, command.stats, command.exit].count { $0 } == 1)
  }

  @Test(arguments: [
    ["-o", "foo"], ["-t", "abc"], ["-t", "-1"], ["-l", "0"], ["-b", "0"], ["--count", "0"],
    ["--duration", "soon"], ["-q", "-s"], ["-p", "--take-over"], ["stray"], ["-z"],
  ])
  func `wrong usage is refused`(arguments: [String]) throws {
    let error = #expect(throws: (any Error).self) { try Dwdump.parse(arguments) }
    #expect(Dwdump.exitCode(for: try #require(error)) == .validationFailure)
  }

  @Test func `the words of -q and -s are the original's`() {
    #expect(
      DwdumpRequest.lines(.init(alertMode: .packet, truncation: 60, queueLength: 50))
        == "Alert mode: packet\nTruncation length: 60\nQueue length: 50\n")
    #expect(
      DwdumpRequest.lines(DropMonitorStatistics(software: 3, hardware: 7))
        == """
        Software statistics:
        Tail dropped: 3
        Hardware statistics:
        Tail dropped: 7

        """)
  }

  @Test func `the account tells every loss, in words and in JSON`() {
    let account = CaptureAccount(
      output: "drops.pcap", written: .init(messages: 5001, packets: 5000, bytes: 1_540_252),
      losses: .init(tailDropped: 1, overrun: 2, unreadable: 3), unwritten: 4, wasDisturbed: false)
    #expect(
      account.sentence == """
        wrote 5,000 packets in 5,001 messages, 1,540,252 bytes, to drops.pcap; lost: \
        1 tail-dropped by the kernel, 2 by the socket, 3 unreadable, 4 unwritten
        """)
    #expect(account.isLossy)
    #expect(account.remedies(options: DropMonitorOptions()).count == 2)
    var json = JSONWriter()
    json.line { account.append(to: &$0) }
    #expect(
      json.buffer.text == """
        {"type":"capture","output":"drops.pcap","packets":5000,"messages":5001,"bytes":1540252,\
        "tail_dropped":1,"overrun":2,"unreadable":3,"unwritten":4,"disturbed":false}

        """)
  }

  @Test(arguments: [
    (DropMonitorSession.Losses(), UInt64(0), false, false), (.init(tailDropped: 1), 0, false, true),
    (.init(overrun: 1), 0, false, true), (.init(unreadable: 1), 0, false, true),
    (.init(), 1, false, true), (.init(), 0, true, true),
  ])
  func `a run is lossy if anything is missing`(
    losses: DropMonitorSession.Losses, unwritten: UInt64, wasDisturbed: Bool, isLossy: Bool
  ) {
    let account = CaptureAccount(
      output: "-", written: .init(), losses: losses, unwritten: unwritten,
      wasDisturbed: wasDisturbed)
    #expect(account.isLossy == isLossy)
  }
}
