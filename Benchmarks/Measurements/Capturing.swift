internal import CDropLab
internal import DropLab
internal import Glibc

/// Every drop told one by one: how many of them arrive, and what that takes of the reader's time.
struct Capturing {
  /// Somebody who tells each drop.
  private struct Capturer {
    let name: String
    /// What is started; `FILE` stands for where it writes.
    let command: [String]
    /// Whether `command` ends in cat(1), which tells when all is attached (see ``ChildTracer``).
    var runsCat = true
    /// What makes lines of the file afterwards, if the program itself only keeps records.
    var afterwards: String?
  }

  private static func capturers(_ program: String) -> [Capturer] {
    let print = """
      tracepoint:skb:kfree_skb { printf("%llu %d %s %d\\n", nsecs, args->reason, \
      ksym(args->location), args->protocol); }
      """
    return [
      Capturer(
        name: "dropwatch packets", command: ["sh", "-c", "exec \(program) packets > /dev/null"],
        runsCat: false),
      Capturer(
        name: "dropwatch packets --json",
        command: ["sh", "-c", "exec \(program) packets --json > FILE"], runsCat: false,
        afterwards: "grep -c '^{.type.:.packet.' FILE"),
      Capturer(
        name: "dropwatch record --limit all",
        command: [program, "record", "FILE", "--limit", "all", "--", "cat"]),
      Capturer(
        name: "perf record, perf script",
        command: ["perf", "record", "-e", "skb:kfree_skb", "-a", "-o", "FILE", "--", "cat"],
        afterwards: "perf script -i FILE | wc -l"),
      Capturer(
        name: "bpftrace printf",
        command: ["bpftrace", "-e", print, "-o", "FILE", "-c", "/bin/cat"],
        afterwards: "wc -l < FILE"),
    ]
  }

  private let program: String
  private var rows: [(name: String, cells: [String], verdict: Verdict)] = []

  /// Takes the path of dropwatch.
  init(program: String) { self.program = program }

  /// Lets each of them watch so many drops at each rate, in turn.
  mutating func run(seconds: Int) throws {
    // In memory, so that no disk decides.
    let folder = try Command.run(["mktemp", "-d", "-p", "/dev/shm"]).split(separator: "\n").joined()
    defer { _ = try? Command.run(["rm", "-r", folder]) }
    for rate in [100_000, 500_000, 5_000_000] {
      for capturer in Self.capturers(program) {
        try measure(capturer, "\(folder)/capture", rate: rate, seconds: seconds)
        _ = try Command.run(["sh", "-c", "rm -f \(folder)/*"])
      }
    }
  }

  private mutating func measure(
    _ capturer: Capturer, _ file: String, rate: Int, seconds: Int
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let flooding = try PacedFlood(lab, try lab.pair().b)
    let before = Self.childrenSeconds
    let child = try ChildProcess(capturer.command.map { Self.naming(file, in: $0) })
    if capturer.runsCat {
      try child.write(line: "attached")
      _ = try child.waitForLine(with: "attached")
    } else {
      // What is attached says so before anything else.
      try child.waitUntil("it has begun") {
        child.words.contains(" on ") || (try? KernelFile.bytes(of: file))?.isEmpty == false
      }
    }
    // Two million at full speed take as long as the slower rates do.
    let load = XDPFlood.Load.badUDPChecksum()
    let flood =
      rate > 1_000_000
      ? try flooding.run(load, rate: 1_000_000 * seconds, for: .seconds(1))
      : try flooding.run(load, rate: rate, for: .seconds(seconds))
    try child.end(signal: capturer.runsCat ? nil : SIGINT)
    var captured = Self.delivered(child.words)
    if let afterwards = capturer.afterwards {
      let lines = try Command.run(
        ["sh", "-c", Self.naming(file, in: afterwards)], milliseconds: 120_000)
      captured = Int(lines.filter(\.isNumber))
    }
    let spent = Self.childrenSeconds - before
    let drops = flood.counted
    let share = Double(captured ?? 0) / Double(max(drops, 1))
    let isOurs = capturer.name.hasPrefix("dropwatch")
    rows.append(
      (
        "\(capturer.name), \(rate > 1_000_000 ? "full speed" : "\(rate / 1000) k/s")",
        [
          text(flood.rate / 1e3), "\(drops)", captured.map { "\($0)" } ?? "–",
          text(min(share, 1) * 100, digits: 1),
          text(spent / Double(max(captured ?? 0, 1)) * 1e6, digits: 2),
        ], isOurs ? .expected("none lost", isMet: (captured ?? 0) >= drops) : .none
      ))
  }

  private static func naming(_ file: String, in text: String) -> String {
    text.split(separator: "FILE", omittingEmptySubsequences: false).joined(separator: file)
  }

  /// "delivered 2,000,000" of the account.
  private static func delivered(_ words: String) -> Int? {
    let parts = words.split(whereSeparator: { " \n:\"".contains($0) })
    guard let index = parts.lastIndex(of: "delivered"), index + 1 < parts.count else { return nil }
    return Int(parts[index + 1].prefix { $0.isNumber || $0 == "," }.filter(\.isNumber))
  }

  /// Processor time of all children that have ended, in user space and in the kernel.
  private static var childrenSeconds: Double {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) {
      $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
    }
  }

  /// The section.
  func results() -> Results {
    var results = Results(
      "EACH DROP TOLD, UDP, bad checksum",
      columns: ["1,000/s by the clock", "drops", "captured", "%", "CPU s per M captured"])
    for row in rows { results.add(row.name, row.cells, row.verdict) }
    results.remark("CPU: all of the program's processes from start to end, perf script included.")
    return results
  }
}
