import DropModel
import Glibc
import Testing

@testable import DropSources

/// What the source does with what the kernel offers, and says of what it does not.
struct KernelOffersTests {
  private func programs(
    hardware: Bool, qdiscReason: UInt32 = 0, software: Bool = true
  ) -> EBPFSource.Programs {
    EBPFSource.Programs(
      isTyped: true, handsOver: false, software: software, hardware: hardware,
      qdiscReason: qdiscReason)
  }

  @Test func `only what is wanted and offered is loaded`() {
    #expect(programs(hardware: false).names == ["typed_counting"])
    #expect(
      programs(hardware: true, qdiscReason: 77).names
        == ["typed_counting", "trap_counting", "typed_qdisc"])
    #expect(
      programs(hardware: true, qdiscReason: 77, software: false).names == ["trap_counting"])
    #expect(programs(hardware: true, qdiscReason: 77).bare == programs(hardware: false))
    #expect(
      programs(hardware: true, software: false).bare
        == programs(hardware: true, software: false))
    for name in programs(hardware: true, qdiscReason: 77).names {
      #expect(EBPFSource.Programs.allNames.contains(name))
    }
  }

  @Test func `what is missing is a blind spot with its reason`() {
    let none = KernelOffers(argumentCount: 4)
    let spots = none.blindSpots(programs(hardware: false), refusal: nil)
    #expect(spots.contains { $0.contains("no tracepoint devlink:devlink_trap_report") })
    #expect(!spots.contains { $0.contains("queueing") })

    let all = KernelOffers(argumentCount: 4, hasTraps: true, qdiscReason: 77)
    let refused = all.blindSpots(programs(hardware: false), refusal: "cannot load: no")
    #expect(refused.filter { $0.contains("cannot load: no") }.count == 2)
    let seen = all.blindSpots(programs(hardware: true, qdiscReason: 77), refusal: nil)
    #expect(seen.contains { $0.contains("devlink trap set") })
    #expect(!seen.contains { $0.contains("queueing") || $0.contains("reasons:") })
  }
}

/// The same on a kernel that has no devlink.
@Suite(
  .enabled(if: geteuid() == 0, "BPF needs root"),
  .enabled(
    if: LiveKernel.offers?.hasTraps == false, "this kernel has devlink, as Debian's have"))
struct WithoutDevlinkTests {
  @Test func `hardware drops that were asked for are told to be invisible, once`() throws {
    let source = try LiveKernel.source { $0.hardware = .asked }
    var batch = DropBatch()
    try batch.read(source)
    #expect(batch.notes.count == 1)
    #expect(batch.notes.first?.hasPrefix("hardware drops cannot be seen: ") == true)
    try source.stop(into: &batch)
    #expect(batch.notes.count == 1)
  }

  @Test func `asked for alone they are refused`() {
    let error = #expect(throws: SourceError.self) {
      _ = try LiveKernel.source {
        $0.software = false
        $0.hardware = .asked
      }
    }
    #expect(error?.description.contains("devlink:devlink_trap_report") == true)
  }

  @Test func `without being asked for nobody is bothered`() throws {
    let source = try LiveKernel.source()
    var batch = DropBatch()
    try source.stop(into: &batch)
    #expect(batch.notes.isEmpty)
    #expect(batch.loss.isConserved)
  }
}
