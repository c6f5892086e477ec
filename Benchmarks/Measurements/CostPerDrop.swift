internal import DropLab
internal import DropSources
internal import KernelNames

/// What each tracer adds to a drop, on the processor where packets are dropped.
///
/// In every round each tracer is attached, measured and detached, in an order that moves on by one
/// from round to round; so what changes while we measure changes for all. A round's figure is the
/// 10th percentile of its slices, because a disturbance can only add; what is told is the median of
/// the rounds' differences to the same round without a tracer.
struct CostPerDrop {
  private static let slices = 8
  private static let frames = 8192

  /// One tracer's figures for one load, in nanoseconds, one a round.
  private struct Series {
    var perDrop: [Double] = []
    var added: [Double] = []
  }

  private let lab: Lab
  private let generator: XDPFlood
  private let loads: [(name: String, load: XDPFlood.Load)] = [
    ("unknown ethertype", .unknownEthertype()), ("UDP, bad checksum", .badUDPChecksum()),
  ]
  private let tracers: [any Tracer]
  private var series: [[Series]]
  private var generated: UInt64 = 0
  private var seenTooFew: [String] = []

  /// Makes a lab and all tracers.
  init(types: BTF) throws {
    lab = try Lab()
    generator = try XDPFlood(lab, try lab.pair().b)
    func ours(_ name: String, _ configure: (inout EBPFOptions) -> Void) -> DropwatchTracer {
      var options = EBPFOptions()
      configure(&options)
      return DropwatchTracer("dropwatch, \(name)", options, types: types)
    }
    tracers = [
      NoTracer(),
      FloorTracer("empty tp_btf program", .empty),
      FloorTracer("bare hash by site, reason", .bareHash),
      ours("counting") { $0.attachment = .typed },
      ours("counting by raw_tp") { $0.attachment = .raw },
      ours("10 packets a second") { $0.packets = .limited(perSecond: 10) },
      ours("all packets") {
        $0.packets = .all
        $0.ringBytes = 64 << 20
      },
      ChildTracer.bpftrace(),
      ChildTracer.perfRecord(),
    ]
    series = Array(repeating: Array(repeating: Series(), count: tracers.count), count: loads.count)
  }

  /// Measures so many rounds.
  mutating func run(rounds: Int) throws {
    defer { lab.close() }
    for round in 0..<rounds {
      var figures = Array(
        repeating: Array(repeating: Double.nan, count: tracers.count), count: loads.count)
      for step in tracers.indices {
        let index = (step + round) % tracers.count
        try visit(index) { figures[$0][index] = $1 }
      }
      for load in loads.indices {
        for index in tracers.indices {
          series[load][index].perDrop.append(figures[load][index])
          series[load][index].added.append(figures[load][index] - figures[load][0])
        }
      }
    }
  }

  private mutating func visit(_ index: Int, _ record: (Int, Double) -> Void) throws {
    let tracer = tracers[index]
    try tracer.attach()
    var frames = 0
    for (load, entry) in loads.enumerated() {
      // The first injection finds cold caches and new keys.
      _ = try generator.slices(entry.load, count: 1, frames: Self.frames)
      let slices = try generator.slices(entry.load, count: Self.slices, frames: Self.frames)
      record(load, slices.quantile(0.1))
      frames += (Self.slices + 1) * Self.frames
    }
    if let seen = try tracer.detach(), seen < UInt64(frames) {
      seenTooFew.append("\(tracer.name) saw \(seen) of \(frames) drops")
    }
  }

  /// One section for each load.
  func results() -> [Results] {
    loads.indices.map { load in
      let series = series[load]
      let floor = series[2].added.median
      let bpftrace = series[7].added.median
      var results = Results(
        """
        ADDED PER DROP, \(loads[load].name) \
        (base \(text(series[0].perDrop.median)) ns, \(series[0].perDrop.count) rounds)
        """,
        columns: ["added ns", "quartiles", "× bare hash"])
      for (index, tracer) in tracers.enumerated() where index > 0 {
        let added = series[index].added
        let verdict: Verdict =
          index == 3
          ? .expected(
            "≤ 1.4 × bare hash, < bpftrace",
            isMet: added.median <= 1.4 * floor && added.median < bpftrace) : .none
        results.add(
          tracer.name,
          [
            text(added.median), "\(text(added.quantile(0.25)))…\(text(added.quantile(0.75)))",
            text(added.median / floor, digits: 2),
          ], verdict)
      }
      if load == loads.count - 1 { for line in seenTooFew { results.remark("! " + line) } }
      return results
    }
  }
}
