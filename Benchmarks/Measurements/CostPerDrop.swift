internal import DropLab
internal import DropSources
internal import KernelNames

/// What each tracer adds to a drop, on the processor where packets are dropped.
///
/// A visit measures the generator by itself, attaches the tracer, measures again and detaches. A
/// round visits the three that are compared most closely before each of the others. So whatever
/// changes meanwhile on the machine changes for all. A figure is the 10th percentile of all slices
/// of a kind, because a disturbance can only add.
struct CostPerDrop {
  /// One tracer's slices for one load, in nanoseconds per drop.
  private struct Series {
    var base: [Double] = []
    var traced: [Double] = []
    /// The difference of each visit.
    var visits: [Double] = []
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
    for _ in 0..<rounds {
      for other in 3..<tracers.count {
        for index in [0, 1, 2, other] { try visit(index) }
      }
    }
  }

  private mutating func visit(_ index: Int) throws {
    let tracer = tracers[index]
    let base = try measure()
    try tracer.attach()
    let traced: [[Double]]
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
      series[load][index].base += base[load]
      series[load][index].traced += traced[load]
      series[load][index].visits.append(traced[load].quantile(0.1) - base[load].quantile(0.1))
    }
  }

  /// The slices of an injection of each load, in nanoseconds per drop.
  private func measure() throws -> [[Double]] {
    try loads.map { try generator.slices($0.load) }
  }

  /// One section for each load.
  func results() -> [Results] {
    loads.indices.map { load in
      let series = series[load]
      let base = series.flatMap(\.base).quantile(0.1)
      let added = series.map { $0.traced.quantile(0.1) - base }
      let (floor, ours, bpftrace) = (added[1], added[2], added[6])
      var results = Results(
        """
        ADDED PER DROP, \(loads[load].name) \
        (base \(text(base)) ns; \(series[0].visits.count) visits of the first three, \
        \(series[3].visits.count) of the others)
        """,
        columns: ["added ns", "by visit", "× bare hash"])
      for (index, tracer) in tracers.enumerated() {
        let visits = series[index].visits
        results.add(
          tracer.name,
          [
            text(added[index]),
            "\(text(visits.quantile(0.25)))…\(text(visits.quantile(0.75)))",
            text(added[index] / floor, digits: 2),
          ],
          index == 2
            ? .expected(
              "≤ 1.4 × bare hash, < bpftrace", isMet: ours <= 1.4 * floor && ours < bpftrace)
            : .none)
      }
      if load == loads.count - 1 { for line in seenTooFew { results.remark("! " + line) } }
      return results
    }
  }
}
