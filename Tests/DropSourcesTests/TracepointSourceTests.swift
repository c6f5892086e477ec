import Bytes
import DropLab
import DropModel
import Filters
import Glibc
import Testing

@testable import DropSources
@testable import KernelNames

/// For tests that make a flood of drops in the fastest way.
private let liveFrames = ConditionTrait.enabled(
  if: XDPFlood.isAvailable, "this kernel has no live XDP frames (Linux 5.18 has)")

/// The tracepoint by perf events, on real drops.
@Suite(.serialized, .enabled(if: geteuid() == 0, "perf events and namespaces need root"))
struct TracepointSourceTests {
  init() throws { try TracefsTruth.mount() }

  @Test(liveFrames)
  func `every drop of a flood is counted, and handed over if asked for`() throws {
    let (batch, flood) = try watch(drops: 50_000) { $0.handsOver = true }
    #expect(flood.counted == 50_000)
    #expect(batch.floodDrops == 50_000)
    #expect(batch.loss.missed == 0)
    #expect(batch.loss.isConserved)
    #expect(batch.packets.packets.count == Int(batch.loss.delivered))
    #expect(batch.loss.delivered == batch.loss.tallied)
    let times = batch.packets.packets.map(\.time)
    #expect(times.allSatisfy { $0 <= .now && $0.duration(to: .now) < .seconds(60) })
  }

  @Test(liveFrames, .enabled(if: LiveKernel.givesReasons, "this kernel gives no reasons"))
  func `drops for other reasons are filtered, and accounted for`() throws {
    let (all, _) = try watch(drops: 1000) { _ in }
    let key = try #require(all.tallies.first { $0.key.ethertype == 0x88B5 }?.key)
    let wanted = DropFilter.Reason.number(key.reason, spelling: "")
    let (with, _) = try watch(drops: 1000) {
      $0.filter.reasons = [wanted]
      $0.filter.sites = [key.site..<key.site + 1]
    }
    #expect(with.floodDrops == 1000)
    #expect(with.loss.isConserved)
    let (without, _) = try watch(drops: 1000) { $0.filter.unwantedReasons = [wanted] }
    #expect(without.floodDrops == 0)
    #expect(without.loss.filtered >= 1000)
    #expect(without.loss.missed == 0)
    #expect(without.loss.isConserved)
  }

  @Test(liveFrames)
  func `what a small ring cannot hold is missed, exactly so many`() throws {
    let (batch, flood) = try watch(drops: 200_000) { $0.ringBytes = 4096 }
    #expect(flood.counted == 200_000)
    #expect(batch.loss.missed > 0)
    #expect(batch.loss.isLossy)
    // Others may have dropped meanwhile.
    #expect(batch.loss.seen + batch.loss.missed >= 200_000)
    #expect(batch.loss.seen + batch.loss.missed < 200_100)
  }

  @Test(liveFrames)
  func `it sees the same as eBPF, with the same reasons at the same sites`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair()
    let generator = try XDPFlood(lab, b, ethertypes: 4)
    let reference = try LiveKernel.source()
    let source = try TracepointSource()
    _ = try generator.run(.unknownEthertype(), count: 4000)
    var (mine, others) = (DropBatch(), DropBatch())
    try source.stop(into: &mine)
    try reference.stop(into: &others)
    func counts(_ batch: DropBatch) -> [DropKey: UInt64] {
      Dictionary(
        batch.tallies.filter { $0.key.ethertype & 0xF000 == 0xA000 }.map {
          (
            DropKey(site: $0.key.site, reason: $0.key.reason, ethertype: $0.key.ethertype),
            $0.counts.drops
          )
        }, uniquingKeysWith: +)
    }
    #expect(counts(mine) == counts(others))
    #expect(counts(mine).values.reduce(0, +) == 4000)
  }

  @Test(liveFrames)
  func `the kernel itself leaves out what has another reason`() throws {
    let none = try watch(drops: 1000) { $0.reason = 0xFFFF }.0
    #expect(none.loss == Loss())
    let all = try watch(drops: 1000) { $0.reason = try Self.reason("UNHANDLED_PROTO") }.0
    #expect(all.floodDrops == 1000)
    #expect(all.tallies.allSatisfy { $0.key.reason == all.tallies.first?.key.reason })
  }

  @Test func `a second stop adds nothing`() throws {
    let source = try TracepointSource()
    var (first, second) = (DropBatch(), DropBatch())
    try source.stop(into: &first)
    try source.stop(into: &second)
    #expect(second.tallies.isEmpty)
    #expect(second.loss == first.loss)
  }

  @Test func `without tracefs it says what to do`() {
    let error = #expect(throws: SourceError.self) {
      try TracepointSource(options: TracepointOptions()) { path throws(FileError) in
        try [UInt8](contentsOfFile: "/nonexistent" + path)
      }
    }
    #expect(error?.description.contains("mount -t tracefs nodev /sys/kernel/tracing") == true)
  }

  @Test func `without the privilege it says once what to do`() {
    let error = #expect(throws: SourceError.self) {
      try TracepointSource(options: TracepointOptions()) { path throws(FileError) in
        throw FileError(.open, path: path, code: EACCES)
      }
    }
    #expect(error?.description.ranges(of: "Run as root").count == 1)
    if case .notPermitted = error {} else { Issue.record("it is taken for another kind of error") }
  }

  private static func reason(_ name: String) throws -> UInt32 {
    try #require(DropReasonTable.load().reason(spelled: name))
  }

  private func watch(
    drops: Int, _ configure: (inout TracepointOptions) throws -> Void
  ) throws -> (DropBatch, Flood) {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair()
    let generator = try XDPFlood(lab, b)
    var options = TracepointOptions()
    options.ringBytes = 4 << 20
    try configure(&options)
    let source = try TracepointSource(options: options)
    var batch = DropBatch()
    // In portions that the rings can hold, but for the ring that is to overflow.
    let portion = options.ringBytes < 1 << 20 ? drops : 10_000
    var flood = Flood.none
    for _ in 0..<max(1, drops / portion) {
      let part = try generator.run(.unknownEthertype(), count: min(portion, drops))
      flood = flood + part
      try source.readPackets(into: &batch)
    }
    try source.stop(into: &batch)
    return (batch, flood)
  }
}
