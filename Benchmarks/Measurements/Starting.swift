internal import DropLab
internal import Glibc

/// From the start of the program until it watches, and until it shows the first drop.
///
/// Attached means, for dropwatch, that the session line is out, which is written after attaching;
/// for bpftrace and perf, that the command runs which they start after attaching. First table means
/// a line that names a drop, at 10 ms between tables, while a datagram is dropped every millisecond.
struct Starting {
  /// One way to start.
  private struct Way {
    let name: String
    let start: () throws -> Duration
    var milliseconds: [Double] = []
  }

  private let lab: Lab
  private var ways: [Way] = []

  /// Makes the lab; `program` is the path of dropwatch.
  init(program: String) throws {
    lab = try Lab()
    let sender = try LabSocket(lab, try lab.pair().a, .udp).bind(.a, 40_000)
    let drop = { try sender.send(to: .b, 9_000) }
    func timed(_ arguments: [String], _ sign: String) throws -> Duration {
      let child = try ChildProcess(arguments)
      let taken = try child.waitForLine(with: sign, meanwhile: drop)
      try child.end(signal: SIGINT)
      return taken
    }
    func timed(_ tracer: ChildTracer) throws -> Duration {
      let taken = try tracer.start()
      _ = try tracer.detach()
      return taken
    }
    ways = [
      Way(name: "dropwatch, attached") {
        try timed([program, "watch", "--json"], "\"session\"")
      },
      Way(name: "bpftrace, attached") { try timed(.bpftrace()) },
      Way(name: "perf record, attached") { try timed(.perfRecord()) },
      Way(name: "dropwatch, first table") {
        try timed([program, "watch", "--interval", "10ms"], "NO_SOCKET")
      },
      Way(name: "bpftrace, first table") {
        try timed(
          [
            "bpftrace", "-B", "line", "-e",
            """
            tracepoint:skb:kfree_skb { @[args->location, args->reason] = count(); } \
            interval:ms:10 { print(@); }
            """,
          ], "@[")
      },
    ]
  }

  /// Starts each so many times, in turn.
  mutating func run(rounds: Int) throws {
    defer { lab.close() }
    for _ in 0..<rounds {
      for index in ways.indices {
        ways[index].milliseconds.append(try ways[index].start().milliseconds)
      }
    }
  }

  /// The section.
  func results() -> Results {
    var results = Results(
      "FROM START (\(ways[0].milliseconds.count) starts each)", columns: ["ms", "quartiles"])
    let medians = ways.map(\.milliseconds.median)
    for (index, way) in ways.enumerated() {
      let verdict: Verdict =
        switch index {
        case 0:
          .expected(
            "≤ 60 ms, 3 × sooner than bpftrace (\(text(medians[1] / medians[0], digits: 1)) ×)",
            isMet: medians[0] <= 60 && medians[0] * 3 <= medians[1])
        default: .none
        }
      results.add(
        way.name,
        [
          text(medians[index], digits: 1),
          "\(text(way.milliseconds.quantile(0.25)))…\(text(way.milliseconds.quantile(0.75)))",
        ], verdict)
    }
    return results
  }
}
