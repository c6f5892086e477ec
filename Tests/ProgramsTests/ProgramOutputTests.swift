import Programs
import Testing

struct ProgramOutputTests {
  private func output(_ script: String, most: Int = 1 << 20) throws -> String {
    let bytes = try ProgramOutput.of(
      ["sh", "-c", script], patience: .seconds(5), most: most)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `all that is written comes, and no complaints`() throws {
    #expect(try output("echo one; echo two >&2; echo three") == "one\nthree\n")
    #expect(try output("head -c 300000 /dev/zero").utf8.count == 300_000)
  }

  @Test func `one that fails is told, whatever it wrote`() {
    let error = #expect(throws: ProgramOutput.Failure.self) { try output("echo one; exit 3") }
    #expect(error?.description == "sh -c echo one; exit 3 failed; run it to see why")
  }

  @Test func `one that is not there is told by its name`() {
    #expect(throws: ProgramOutput.Failure.notInstalled("no-such-program")) {
      try ProgramOutput.of(["no-such-program", "list"], patience: .seconds(1), most: 1)
    }
  }

  @Test func `one that writes too much is ended`() {
    #expect(throws: ProgramOutput.Failure.tooLong("sh -c cat /dev/zero", bytes: 1 << 20)) {
      try output("cat /dev/zero")
    }
  }

  @Test func `one that takes too long is ended, and whoever waits hears of it`() throws {
    var waited = Duration.zero
    let name = "sleep 30"
    let start = ContinuousClock.now
    #expect(throws: ProgramOutput.Failure.late(name, .seconds(1))) {
      try ProgramOutput.of(["sleep", "30"], patience: .seconds(1), most: 1) { waited = $0 }
    }
    #expect(waited >= .milliseconds(250) && waited < .seconds(1))
    #expect(start.duration(to: .now) < .seconds(20))
  }
}
