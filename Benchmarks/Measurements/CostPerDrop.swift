internal import DropLab
internal import DropSources
internal import Filters
internal import KernelNames

/// What each tracer adds to a drop, on the processor where packets are dropped.
///
/// A visit measures the generator by itself, with the tracer attached, and by itself again; its
/// figure is the difference to the mean of the two. A round visits the three that are compared most
/// closely before each of the others. So whatever changes meanwhile on the machine, a neighbour on
/// the same core or the clock rate, changes for both sides. Of a measurement's slices the 10th
/// percentile counts, because a disturbance can only add; of the visits the median.
struct CostPerDrop {
  /// One tracer's visits with one load, in nanoseconds per drop.
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
    let (other, any) = (try PacketFilter("tcp port 80"), try PacketFilter("not tcp port 80"))
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
      ours("an expression rejects all") { $0.filter.expression = other },
      ours("an expression accepts all") { $0.filter.expression = any },
      ours("a reason rejects all") { $0.filter.reasons = [.number(1 << 30, spelling: "")] },
      RetransmissionTracer("dropwatch, retransmissions", types: types),
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
    let before = try measure()
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
    let again = try measure()
    for load in loads.indices {
      let base = (before[load] + again[load]) / 2
      series[load][index].base.append(base)
      series[load][index].added.append(traced[load] - base)
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
      let medians = series.map(\.added.median)
      let (floor, ours, bpftrace) = (medians[1], medians[2], medians[6])
      var results = Results(
        """
        ADDED PER DROP, \(loads[load].name) \
        (base \(text(series.flatMap(\.base).median)) ns; \(series[0].added.count) visits of the \
        first three, \(series[3].added.count) of the others)
        """,
        columns: ["added ns", "quartiles", "× bare hash"])
      for (index, tracer) in tracers.enumerated() {
        let added = series[index].added
        results.add(
          tracer.name,
          [
            text(medians[index]), "\(text(added.quantile(0.25)))…\(text(added.quantile(0.75)))",
            text(medians[index] / floor, digits: 2),
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
