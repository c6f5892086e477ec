import DropLab
import DropModel
import DropSources
import Glibc
import KernelNames
import Testing

/// Whatever sources a kernel offers, they see the same drops: as many, at the same sites, for the same
/// reasons.
///
/// What counts are the drops that somebody else has counted too: the kernel's own counters, or tracefs.
@Suite(.serialized, .enabled(if: geteuid() == 0, "sources and namespaces need root"))
struct AgreementTests {
  private static let drops = 5000

  /// NET_DM has two ways to tell drops, and is in one of them; without it once is enough.
  private static let modes: [DropMonitorOptions.AlertMode] =
    NetDM.isAvailable ? [.summary, .packet] : [.summary]

  @Test(arguments: modes)
  func `all sources count each of 5,000 drops`(mode: DropMonitorOptions.AlertMode) throws {
    let lab = try Lab()
    defer { lab.close() }
    _ = try lab.pair()
    let flood = try UDPFlood(lab)
    let watchers = try Watchers(mode)
    let done = try flood.run(count: Self.drops)
    #expect(done.counted == Self.drops)
    let readings = try watchers.stop()
    let first = try #require(readings.first)
    // Where most drops were is where the flood went: nobody else drops so many.
    let site = try #require(first.bySite.max { $0.value < $1.value }?.key)
    for reading in readings {
      #expect(reading.bySite[site] == UInt64(Self.drops), "\(reading.name)")
      #expect(!reading.loss.isLossy, "\(reading.name): \(reading.loss)")
      let reasons = reading.reasons(at: site)
      if LiveKernel.givesReasons, reading.knowsReasons {
        #expect(reasons == ["NO_SOCKET"], "\(reading.name)")
      } else {
        #expect(reasons.isEmpty, "\(reading.name): \(reasons)")
      }
      if reading.handsOver {
        #expect(reading.packets(at: site) == Self.drops, "\(reading.name)")
      }
    }
  }

  @Test(arguments: modes)
  func `whatever the lab provokes, all sources tell the same of it`(
    mode: DropMonitorOptions.AlertMode
  ) throws {
    // Each of NET_DM's modes gets its share of the cases, for they take long on an emulated machine.
    let share = Self.modes.firstIndex(of: mode) ?? 0
    let cases = Provocation.all.enumerated().filter { $0.offset % Self.modes.count == share }
    let watchers = try Watchers(mode)
    var impossible: [String] = []
    for (_, provocation) in cases {
      let lab = try Lab()
      defer { lab.close() }
      do {
        try provocation.run(in: lab)
      } catch {
        // Older kernels cannot do all of it.
        impossible.append("\(provocation.name): \(error)")
      }
      try watchers.read()
    }
    let readings = try watchers.stop()
    #expect(impossible.count < cases.count / 5, "\(impossible)")
    let reference = try #require(readings.first)
    #expect(reference.loss.tallied > cases.count)
    for reading in readings {
      // Linux 6.18 gives no perf record of what a timer drops on an idle processor. It counts the hit,
      // so that they are missed, exactly.
      let total = reading.loss.tallied + (reading.name == "tracepoint" ? reading.loss.missed : 0)
      #expect(reading.name == "netdm packet" || total == reference.loss.tallied, "\(reading.name)")
      #expect(reading.name == "tracepoint" || reading.loss.missed == 0, "\(reading.name)")
      #expect(reading.loss.isConserved, "\(reading.name)")
      let differences = reading.differences(from: reference)
      #expect(differences.isEmpty, "\(reading.name): \(differences.joined(separator: "; "))")
    }
  }

  @Test func `reasons have the names that the kernel itself prints`() throws {
    try TracefsTruth.mount()
    let printed = try TracefsTruth.reasons()
    #expect(printed.isEmpty == !LiveKernel.givesReasons)
    let table = DropReasonTable.load(kernel: LiveKernel.types)
    for (name, number) in printed where number < 1 << 16 {
      #expect(table.name(of: UInt32(number)).name == name)
    }
  }

  @Test(.enabled(if: !LiveKernel.givesReasons, "this kernel gives reasons"))
  func `a kernel without reasons is told as such`() throws {
    let sources: [any DropSource] = [try LiveKernel.source(), try TracepointSource()]
    for source in sources {
      let spots = source.description.blindSpots
      #expect(spots.contains { $0.hasPrefix("reasons: this kernel has none") })
    }
    #expect(DropReasonTable.load(kernel: LiveKernel.types).source == .kernelWithoutReasons)
  }
}

/// All the sources of this kernel, watching at once.
private final class Watchers {
  private let sources: [(name: String, source: any DropSource, handsOver: Bool)]
  private var batches: [DropBatch]

  init(_ mode: DropMonitorOptions.AlertMode) throws {
    try TracefsTruth.mount()
    var sources: [(String, any DropSource, Bool)] = [
      ("ebpf typed", try LiveKernel.source { $0.attachment = .typed }, false),
      (
        "ebpf raw, all packets",
        try LiveKernel.source {
          $0.attachment = .raw
          $0.packets = .all
          $0.ringBytes = 16 << 20
        }, true
      ),
    ]
    var options = TracepointOptions()
    options.ringBytes = 4 << 20
    options.handsOver = true
    sources.append(("tracepoint", try TracepointSource(options: options), true))
    if NetDM.isAvailable {
      var options = DropMonitorOptions()
      options.configuration.alertMode = mode
      options.configuration.queueLength = 16_384
      let source = try DropMonitorSource(options: options, handsOver: mode == .packet)
      sources.append(("netdm \(mode)", source, mode == .packet))
    }
    self.sources = sources
    batches = sources.map { _ in DropBatch() }
  }

  /// Reads what there is, before anything that is bounded runs full.
  func read() throws {
    for index in sources.indices { try sources[index].source.read(into: &batches[index]) }
  }

  /// Stops all, and tells what each has seen.
  func stop() throws -> [Reading] {
    try sources.indices.map { index in
      let (name, source, handsOver) = sources[index]
      try source.stop(into: &batches[index])
      return Reading(name: name, handsOver: handsOver, batch: batches[index])
    }
  }
}

/// What a source has seen.
private struct Reading {
  let name: String
  let handsOver: Bool
  let batch: DropBatch
  private let resolver = Resolver(types: LiveKernel.types)

  init(name: String, handsOver: Bool, batch: DropBatch) {
    self.name = name
    self.handsOver = handsOver
    self.batch = batch
    resolver.learn(batch)
  }

  var loss: Loss { batch.loss }
  var knowsReasons: Bool { name != "netdm summary" }

  /// Drops of each site.
  var bySite: [UInt64: UInt64] {
    counts { _ in "" }.reduce(into: [:]) { $0[$1.key.site, default: 0] += $1.value }
  }

  /// The reasons that were given at a site.
  func reasons(at site: UInt64) -> Set<String> {
    Set(
      batch.tallies.filter { $0.key.site == site }
        .compactMap { resolver.reason($0.key.reason)?.name })
  }

  func packets(at site: UInt64) -> Int {
    batch.packets.packets.count { $0.key.site == site }
  }

  /// What differs, a phrase each.
  ///
  /// NET_DM sees no packet without a link-layer header in packet mode, and no reason in summary mode; the
  /// tracepoint may have missed some.
  func differences(from other: Reading) -> [String] {
    let mine = counts { knowsReasons ? common($0) : "" }
    let others = other.counts { knowsReasons ? other.common($0) : "" }
    let isPartial = name == "netdm packet" || (name == "tracepoint" && loss.missed > 0)
    return Set(mine.keys).union(others.keys).compactMap { place in
      let (here, there) = (mine[place] ?? 0, others[place] ?? 0)
      guard here != there, !(isPartial && here < there) else { return nil }
      let site = resolver.site(at: place.site).label
      return "\(place.reason) at \(site): \(here) instead of \(there)"
    }
  }

  /// A reason as all sources know it: a queueing discipline's own, which only eBPF learns, is
  /// QDISC_DROP for the others.
  private func common(_ key: DropKey) -> String {
    guard let reason = resolver.reason(key.reason) else { return "" }
    return reason.subsystem == "qdisc" ? "QDISC_DROP" : reason.label
  }

  private struct Place: Hashable {
    let site: UInt64
    let reason: String
  }

  private func counts(_ reason: (DropKey) -> String) -> [Place: UInt64] {
    batch.tallies.reduce(into: [:]) {
      $0[Place(site: $1.key.site, reason: reason($1.key)), default: 0] += $1.counts.drops
    }
  }
}
