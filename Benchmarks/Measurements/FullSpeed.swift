internal import DropLab
internal import DropModel
internal import DropSources
internal import KernelNames

/// The generator at full speed on one processor: whether every drop is counted, and how many whole
/// packets reach user space.
struct FullSpeed {
  private let types: BTF
  private var rows: [(name: String, cells: [String], verdict: Verdict)] = []

  /// Takes the kernel's types.
  init(types: BTF) { self.types = types }

  /// Floods with `drops` frames for each case.
  mutating func run(drops: Int) throws {
    try measure("counting", drops: drops, EBPFOptions()) { rate, isExact in
      .expected("2 M/s and every one counted", isMet: rate >= 2e6 && isExact)
    }
    for megabytes in [4, 64] as [UInt32] {
      var options = EBPFOptions()
      options.packets = .all
      options.ringBytes = megabytes << 20
      try measure("all packets, ring of \(megabytes) MiB", drops: drops / 2, options) {
        _, isExact in
        .expected("every one counted", isMet: isExact)
      }
    }
  }

  private mutating func measure(
    _ name: String, drops: Int, _ options: EBPFOptions, verdict: (Double, Bool) -> Verdict
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair()
    let generator = try XDPFlood(lab, b)
    let tracer = DropwatchTracer(name, options, types: types)
    try tracer.attach()
    let start = processorTime
    let flood: Flood
    do {
      flood = try generator.run(.unknownEthertype(), count: drops)
    } catch {
      _ = try? tracer.finish()
      throw error
    }
    let rate = Double(drops) * 1e9 / Double(processorTime - start)
    let outcome = try tracer.finish()
    let loss = outcome.loss
    let counted = outcome.drops[UInt32(b.inode)] ?? 0
    let isExact =
      counted == UInt64(drops) && flood.counted == drops && loss.isConserved
      && loss.missed == 0 && loss.overflowed == 0
    let share =
      loss.offered > 0 ? text(Double(outcome.packets) / Double(loss.offered) * 100, digits: 1) : "–"
    let cost =
      outcome.packets > 0
      ? text(outcome.seconds / Double(outcome.packets) * 1e6, digits: 2) : "–"
    rows.append(
      (
        name,
        [
          text(rate / 1e6, digits: 2), text(flood.rate / 1e6, digits: 2), "\(drops)", "\(counted)",
          "\(loss.missed)", "\(loss.overflowed)", share, cost,
        ], verdict(rate, isExact)
      ))
  }

  /// The section.
  func results() -> Results {
    var results = Results(
      "FULL SPEED on one processor, unknown ethertype",
      columns: [
        "M/s of its time", "M/s by the clock", "generated", "counted", "missed", "overflowed",
        "packets %", "reader's s per M",
      ])
    for row in rows { results.add(row.name, row.cells, row.verdict) }
    return results
  }
}
