/// How a window of truth compares with what a provocation promised.
package struct Verdict: Sendable {
  /// One expectation and what was seen of it.
  package struct Line: Sendable {
    /// What was promised.
    package let expected: Expectation
    /// How many events had the reason and one of the sites.
    package let seen: Int
  }

  /// One line per expectation.
  package let lines: [Line]
  /// Events of ours that nothing promised, as "REASON at site", with their number.
  package let unexpected: [String: Int]
  /// Events in kernel threads that nothing promised: other labs' ends, or noise of ours to be found.
  package let background: [String: Int]
  /// Events that the ring buffer lost.
  package let overrun: Int

  /// Whether every count is exact and nothing else happened.
  package var isExact: Bool {
    overrun == 0 && unexpected.isEmpty && lines.allSatisfy { $0.seen == $0.expected.count }
  }

  /// Compares, leaving aside what other processes' threads dropped in the same window.
  package init(_ provocation: Provocation, _ report: TracefsTruth.Report) {
    var seen = [Int](repeating: 0, count: provocation.expectations.count)
    var unexpected: [String: Int] = [:]
    var background: [String: Int] = [:]
    for event in report.events {
      let match = provocation.expectations.firstIndex {
        $0.reason == event.reason && $0.sites.contains(event.site)
      }
      let context = event.context(threads: report.threads)
      if let match, context != .foreign || provocation.timing == .elsewhere {
        seen[match] += 1
        continue
      }
      let name = "\(event.reason) at \(event.site)"
      switch context {
      case .own: unexpected[name, default: 0] += 1
      case .kernel: background[name, default: 0] += 1
      case .foreign: break
      }
    }
    lines = zip(provocation.expectations, seen).map { Line(expected: $0, seen: $1) }
    self.unexpected = unexpected
    self.background = background
    overrun = report.overrun
  }
}

extension Provocation {
  /// Runs the case in a lab of its own under a tracefs truth and compares.
  ///
  /// `armed` is called before the truth starts, with all set up and nothing provoked.
  package func verify(
    with truth: TracefsTruth, armed: @escaping (Lab) throws -> Void = { _ in }
  ) throws -> Verdict {
    let lab = try Lab()
    defer { lab.close() }
    lab.onArm = { lab in
      try armed(lab)
      try truth.start()
    }
    try run(in: lab)
    try truth.wait(for: count)
    return Verdict(self, try truth.stop())
  }
}
