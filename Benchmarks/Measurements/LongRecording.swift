internal import DropLab
internal import Glibc

/// A recording of all packets under 200,000 drops a second: whether its memory stays, and its account
/// is exact.
struct LongRecording {
  /// What was seen of it at a moment.
  private struct Reading {
    let second: Int
    let residentMegabytes: Double
    let fileMegabytes: Double
  }

  private static let rate = 200_000

  private let program: String
  private var readings: [Reading] = []
  private var made = 0
  private var account = ""
  private var reportSeconds = 0.0

  /// Takes the path of dropwatch.
  init(program: String) { self.program = program }

  /// Records for so long, and reads the end of it.
  mutating func run(seconds: Int) throws {
    let folder = try Command.run(["mktemp", "-d"]).split(separator: "\n").joined()
    defer { _ = try? Command.run(["rm", "-r", folder]) }
    let file = folder + "/drops.db"
    let lab = try Lab()
    defer { lab.close() }
    let flood = try PacedFlood(lab, lab.pair().b)
    // All but our own drops are left out, so that the account can be exact.
    let recording = try ChildProcess([
      program, "record", file, "--limit", "all", "--reason", "UDP_CSUM",
    ])
    try recording.waitUntil("it records") { recording.words.contains("Recording to") }
    for second in stride(from: 0, to: seconds, by: 1) {
      made += try flood.run(.badUDPChecksum(), rate: Self.rate, for: .seconds(1)).counted
      let every = max(1, seconds / 10)
      guard (second + 1) % every == 0 else { continue }
      readings.append(
        Reading(
          second: second + 1,
          residentMegabytes: try Memory.megabytes(
            "VmRSS", in: KernelFile.text(of: "/proc/\(recording.identifier)/status")),
          fileMegabytes: Self.size(of: file) / 1e6))
    }
    try recording.end(signal: SIGINT)
    account = recording.words.split(separator: "\n").suffix(2).joined(separator: "\n")
    let start = ContinuousClock.now
    // About a million packets.
    _ = try Command.run(["sh", "-c", "\(program) report \(file) --from=-5s --packets > /dev/null"])
    reportSeconds = (ContinuousClock.now - start) / .seconds(1)
  }

  private static func size(of path: String) -> Double {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Double(status.st_size) : 0
  }

  /// The section.
  func results() -> Results {
    var results = Results(
      "RECORDING all packets of \(Self.rate) drops/s",
      columns: ["second", "resident MB", "file MB", "MB/s"])
    let first = readings.first?.residentMegabytes ?? 0
    for reading in readings {
      results.add(
        "record --limit all",
        [
          text(Double(reading.second)), text(reading.residentMegabytes, digits: 1),
          text(reading.fileMegabytes, digits: 1),
          text(reading.fileMegabytes / Double(reading.second), digits: 1),
        ],
        .expected("memory flat", isMet: reading.residentMegabytes < first * 1.25 + 8))
    }
    results.remark("\(made) drops were made; it says:")
    results.remark(account)
    results.remark(
      "the packets of its last five seconds, read and shown: \(text(reportSeconds, digits: 1)) s")
    return results
  }
}
