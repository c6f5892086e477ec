internal import DropLab
internal import DropSources
internal import KernelNames

/// What each tracer adds to a drop, on the processor where packets are dropped.
///
/// A visit measures the generator by itself, attaches the tracer, measures again and detaches; a
/// round visits every tracer, in an order that moves on by one from round to round. So what changes
/// while we measure changes for both sides of each difference. A figure is the 10th percentile of
/// its slices, because a disturbance can only add; what is told is the median over the rounds.
struct CostPerDrop {
  /// One tracer's figures for one load, in nanoseconds, one a round.
  private struct Series {
    var base: [Double] = []
    var added: [Double] = []
  }

  private let lab: Lab
  private let generator: ClockedFlood
  private let loads: [(name: String, load: XDPFlood.Load)] = [
    ("unknown ethertype", .unknownEthertype()), ("UDP, bad checksum", .badUDPChecksum()),
  ]
  private let tracers: [any Tracer]
  /// By load and tracer.
  private var series: [[Series]]
  private var seenTooFew: [String] = []

  /// Makes a lab and all tracers.
  init(types: BTF) throws {
    lab = try Lab()
    generator = try ClockedFlood(try lab.pair().b, device: "vb")
    func ours(_ name: String, _ configure: (inout EBPFOptions) -> Void) -> DropwatchTracer {
      var options = EBPFOptions()
      configure(&options)
      return DropwatchTracer("dropwatch, \(name)", options, types: types)
    }
    tracers = [
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
      for step in tracers.indices { try visit((step + round) % tracers.count) }
    }
  }

  private mutating func visit(_ index: Int) throws {
    let tracer = tracers[index]
    let base = try measure()
    try tracer.attach()
    let traced: [Double]
    do {
      traced = try measure()
    } catch {
      _ = try? tracer.detach()
      throw error
    }
    let frames = UInt64(loads.count * ClockedFlood.frames)
    if let seen = try tracer.detach(), seen < frames {
      seenTooFew.append("\(tracer.name) saw \(seen) of \(frames) drops")
    }
    for load in loads.indices {
      series[load][index].base.append(base[load])
      series[load][index].added.append(traced[load] - base[load])
    }
  }

  /// Nanoseconds per drop of each load.
  private func measure() throws -> [Double] {
    try loads.map { try generator.slices($0.load).quantile(0.1) }
  }

  /// One section for each load.
  func results() -> [Results] {
    loads.indices.map { load in
      let series = series[load]
      let floor = series[1].added.median
      let bpftrace = series[6].added.median
      var results = Results(
        """
        ADDED PER DROP, \(loads[load].name) \
        (base \(text(series.flatMap(\.base).median)) ns, \(series[0].added.count) rounds)
        """,
        columns: ["added ns", "quartiles", "× bare hash"])
      for (index, tracer) in tracers.enumerated() {
        let added = series[index].added
        let verdict: Verdict =
          index == 2
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
