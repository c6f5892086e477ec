internal import Bytes
internal import DropLab
internal import Glibc

/// What a tracer keeps in memory after two seconds of watching a few drops.
struct Memory {
  /// Of /proc/PID/status, in MB.
  private struct Size {
    var resident: [Double] = []
    var peak: [Double] = []
  }

  private static let names = ["dropwatch watch", "bpftrace", "perf record"]
  private let program: String
  private var sizes = Array(repeating: Size(), count: names.count)

  /// Takes the path of dropwatch.
  init(program: String) { self.program = program }

  /// Watches so many times, all tracers at once: nothing of it is a matter of time.
  mutating func run(rounds: Int) throws {
    let lab = try Lab()
    defer { lab.close() }
    let sender = try LabSocket(lab, try lab.pair().a, .udp).bind(.a, 40_000)
    for _ in 0..<rounds {
      let dropwatch = try ChildProcess([program, "watch"])
      let (bpftrace, perf) = (ChildTracer.bpftrace(), ChildTracer.perfRecord())
      try bpftrace.attach()
      try perf.attach()
      for _ in 0..<200 {
        try sender.send(to: .b, 9_000)
        usleep(10_000)
      }
      for (index, identifier) in [
        dropwatch.identifier, bpftrace.identifier ?? 0, perf.identifier ?? 0,
      ].enumerated() {
        let status = try KernelFile.text(of: "/proc/\(identifier)/status")
        sizes[index].resident.append(try Self.megabytes("VmRSS", in: status))
        sizes[index].peak.append(try Self.megabytes("VmHWM", in: status))
      }
      try dropwatch.end(signal: SIGINT)
      _ = try bpftrace.detach()
      _ = try perf.detach()
    }
  }

  /// A field of /proc/PID/status.
  static func megabytes(_ field: String, in status: String) throws -> Double {
    for line in status.split(separator: "\n") where line.hasPrefix(field + ":") {
      let words = line.split { $0 == " " || $0 == "\t" }
      if words.count > 1, let kilobytes = Double(words[1]) { return kilobytes * 1024 / 1e6 }
    }
    throw BenchError("no \(field) in a process's status: it has ended")
  }

  /// The section.
  func results() -> Results {
    var results = Results(
      "MEMORY after 2 s (\(sizes[0].resident.count) rounds)",
      columns: ["resident MB", "highest MB"])
    for (index, size) in sizes.enumerated() {
      results.add(
        Self.names[index],
        [text(size.resident.median, digits: 1), text(size.peak.median, digits: 1)],
        index == 0 ? .expected("< 20 MB resident", isMet: size.resident.median < 20) : .none)
    }
    return results
  }
}
