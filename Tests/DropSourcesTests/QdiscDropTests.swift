import DropLab
import DropModel
import Glibc
import KernelNames
import Testing

@testable import DropSources

/// Queueing disciplines that drop, on kernels where only qdisc:qdisc_drop says which and why.
@Suite(
  .serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"),
  .enabled(
    if: LiveKernel.offers.map { $0.qdiscReason != 0 } ?? false,
    "this kernel has no tracepoint qdisc:qdisc_drop (Linux 7.3 has)"))
struct QdiscDropTests {
  /// A queue of va's that takes a few packets and lets none out for a while.
  struct Queue: Sendable, CustomTestStringConvertible {
    var setUp: [String]
    var qdisc: Qdisc
    var reason: String
    var testDescription: String { "\(qdisc.label) \(reason)" }

    init(_ qdisc: Qdisc, _ reason: String, _ setUp: String...) {
      self.qdisc = qdisc
      self.reason = reason
      self.setUp = setUp
    }
  }

  static let queues = [
    Queue(
      Qdisc(kind: "tbf", handle: 0x8001_0000), "GENERIC",
      "qdisc add dev va root handle 8001: tbf rate 80bit burst 1540 limit 3000"),
    Queue(
      Qdisc(kind: "netem", handle: 0xB_0000), "GENERIC",
      "qdisc add dev va root handle b: netem limit 3 delay 100s"),
    Queue(
      Qdisc(kind: "pfifo", handle: 0xC_0000), "GENERIC",
      "qdisc add dev va root handle c: pfifo limit 0"),
    Queue(
      Qdisc(kind: "fq", handle: 0xD_0000), "FLOW_LIMIT",
      "qdisc add dev va root handle d: fq flow_limit 3 maxrate 8bit"),
    Queue(
      Qdisc(kind: "fq", handle: 0xE_0000), "BAND_LIMIT",
      "qdisc add dev va root handle e: fq limit 3 maxrate 8bit"),
    // The reason is the inner one's; the kernel names the root.
    Queue(
      Qdisc(kind: "tbf", handle: 0xF_0000), "OVERLIMIT",
      "qdisc add dev va root handle f: tbf rate 80bit burst 1540 limit 300000",
      "qdisc add dev va parent f: handle 10: codel limit 3"),
  ]

  @Test(arguments: queues, [EBPFOptions.Attachment.typed, .raw])
  func `it is counted as tc counts it, with the reason and the queue`(
    queue: Queue, attachment: EBPFOptions.Attachment
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, _) = try lab.pair()
    for line in queue.setUp { try a.tc(line) }
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let source = try LiveKernel.source {
      $0.attachment = attachment
      $0.packets = .all
    }
    try client.send(to: .b, 9_000, size: 1000, count: 30)
    var batch = DropBatch()
    try source.stop(into: &batch)
    let expected = try dropped(in: a)
    #expect(expected >= 20)

    let resolver = Resolver(types: LiveKernel.types)
    resolver.learn(batch)
    let ours = batch.tallies.filter { $0.key.namespace == UInt32(a.inode) }
    #expect(ours.count == 1, "\(ours.map { resolver.drop(for: $0.key) })")
    let tally = try #require(ours.first)
    let drop = resolver.drop(for: tally.key)
    #expect(tally.counts.drops == expected)
    #expect(drop.reason == DropReason(subsystem: "qdisc", name: queue.reason))
    #expect(drop.qdisc == queue.qdisc)
    #expect(drop.device?.name == "va")
    #expect(drop.transport == "udp")
    #expect(batch.packets.packets.filter { $0.key == tally.key }.count == Int(expected))
    #expect(batch.loss.isConserved)
    #expect(batch.loss.seen == batch.drops)
  }

  /// What tc counts as dropped by the device's root.
  private func dropped(in namespace: LabNamespace) throws -> UInt64 {
    let text = try Command.run(["tc", "-n", namespace.name, "-s", "qdisc", "show", "dev", "va"])
    let words = text.split { " \n(,".contains($0) }
    guard let at = words.firstIndex(of: "dropped"), let count = UInt64(words[at + 1]) else {
      throw LabError("tc counts no drops: \(text)")
    }
    return count
  }
}
