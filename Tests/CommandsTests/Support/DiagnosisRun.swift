import Glibc

/// One run of `dropwatch diagnose --json`, as long as a test makes drops.
struct DiagnosisRun {
  let report: DiagnosisReport
  let status: Int32

  /// Runs `body` once all is attached and the counters are read.
  ///
  /// What kernel threads and timers drop may come so much later.
  init(
    _ arguments: [String] = [], lingering microseconds: UInt32 = 50_000,
    _ body: () throws -> Void
  ) throws {
    let program = try Program(["diagnose", "--json", "--duration", "5m"] + arguments)
    try program.wait(for: "\"blind\"")
    try body()
    usleep(microseconds)
    program.signal(SIGINT)
    status = try program.exitStatus(milliseconds: 30_000)
    report = try DiagnosisReport(program.output)
  }
}
