/// bpftrace or perf, which start a command once they are attached.
///
/// The command is cat(1): it repeats the line that waits for it, which tells that all is attached,
/// and ends when its input does, and with it the tracer.
final class ChildTracer: Tracer {
  let name: String
  private let arguments: [String]
  private var child: ChildProcess?

  /// Takes the name for the results and the arguments, the last of which run cat.
  init(_ name: String, _ arguments: [String]) {
    self.name = name
    self.arguments = arguments
  }

  /// bpftrace, counting by site and reason as its manual would have it.
  static func bpftrace() -> ChildTracer {
    ChildTracer(
      "bpftrace by site, reason",
      [
        "bpftrace", "-e",
        "tracepoint:skb:kfree_skb { @[args->location, args->reason] = count(); }", "-c", "/bin/cat",
      ])
  }

  /// `perf record` of every drop, into nothing.
  static func perfRecord() -> ChildTracer {
    ChildTracer(
      "perf record to /dev/null",
      ["perf", "record", "-e", "skb:kfree_skb", "-a", "-o", "/dev/null", "--", "cat"])
  }

  func attach() throws { _ = try start() }

  /// Starts it; returns how long it took until all was attached.
  func start() throws -> Duration {
    let child = try ChildProcess(arguments)
    self.child = child
    try child.write(line: "attached")
    return try child.waitForLine(with: "attached")
  }

  /// Its process number while it is attached.
  var identifier: Int32? { child?.identifier }

  func detach() throws -> UInt64? {
    let lines = try child?.end() ?? []
    child = nil
    // "@[-1732…, 2]: 5000"
    let counts = lines.filter { $0.hasPrefix("@[") }
      .compactMap { $0.split(separator: " ").last.flatMap { UInt64($0) } }
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }
}
