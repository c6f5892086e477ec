import DropLab
import DropModel
import DropSources
import Glibc
import KernelNames
import Testing

/// Every case of the lab, watched by the eBPF source: exact count, reason, site, device, namespace
/// and protocol.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct ProvocationTests {
  @Test(arguments: Provocation.all)
  func `a provoked drop is counted as what it is`(provocation: Provocation) throws {
    try check(provocation, .typed)
  }

  @Test(arguments: Provocation.all.filter { Self.rawCases.contains($0.name) })
  func `without BTF's types the same is counted`(provocation: Provocation) throws {
    try check(provocation, .raw)
  }

  /// One case for each way in which the untyped program reads something differently.
  private static let rawCases: Set<String> = [
    "unknown-ethertype", "udp-closed-port", "udp6-closed-port", "nd-hop-limit", "tcp-route-lost",
    "gso-closed-port", "gso-full-socket", "unix-closed", "udp-closed-unread", "tcp-syn-fin",
    "ip6-bad-hop-option", "tcp-time-wait-timestamp", "nft-output",
  ]

  private func check(_ provocation: Provocation, _ attachment: EBPFOptions.Attachment) throws {
    let lab = try Lab()
    defer { lab.close() }
    var source: EBPFSource?
    lab.onArm = { _ in source = try LiveKernel.source { $0.attachment = attachment } }
    try provocation.run(in: lab)
    let watcher = try #require(source)
    var batch = DropBatch()
    try batch.read(watcher)
    // Timers drop a little later than the body ends.
    for _ in 0..<100 where matched(provocation, batch, lab) < provocation.count {
      usleep(10_000)
      try batch.read(watcher)
    }
    try watcher.stop(into: &batch)

    let resolver = Resolver(types: LiveKernel.types)
    resolver.learn(batch)
    let ours = batch.tallies.map { Observed($0, resolver.drop(for: $0.key), lab) }
    for expected in provocation.expectations {
      let hits = ours.filter { $0.matches(expected, in: lab) }
      #expect(
        hits.reduce(0) { $0 + $1.drops } == expected.count,
        "\(expected) but \(ours.filter(\.isOurs))")
      #expect(hits.reduce(0) { $0 + $1.segments } == expected.segments)
    }
    let unexpected = ours.filter { observed in
      observed.isOurs && !provocation.expectations.contains { observed.matches($0, in: lab) }
    }
    #expect(unexpected.isEmpty, "\(unexpected)")
    #expect(batch.loss.isConserved)
    #expect(batch.loss.seen == batch.drops)
    #expect(batch.loss.overflowed == 0)
  }

  private func matched(_ provocation: Provocation, _ batch: DropBatch, _ lab: Lab) -> Int {
    let inodes = Set(lab.namespaces.map { UInt32($0.inode) })
    return batch.tallies.reduce(0) { sum, tally in
      let isOurs = tally.key.namespace == 0 || inodes.contains(tally.key.namespace)
      return isOurs ? sum + Int(tally.counts.drops) : sum
    }
  }
}

/// A tally in the lab's words.
private struct Observed: CustomStringConvertible {
  let drop: Drop
  let drops: Int
  let segments: Int
  let role: LabRole?
  /// In a namespace of the lab.
  ///
  /// Drops without one may be anybody's.
  let isOurs: Bool

  init(_ tally: Tally, _ drop: Drop, _ lab: Lab) {
    self.drop = drop
    drops = Int(tally.counts.drops)
    segments = Int(tally.counts.segments)
    let namespace = lab.namespaces.first { UInt32($0.inode) == tally.key.namespace }
    role = namespace?.role
    isOurs = namespace != nil
  }

  func matches(_ expected: DropLab.Expectation, in lab: Lab) -> Bool {
    guard expected.role == nil ? drop.namespace == nil : isOurs && role == expected.role else {
      return false
    }
    let symbol = drop.site?.symbol?.prefix { $0 != "." }
    return drop.reason?.name == expected.reason
      && symbol.map { expected.sites.contains(String($0)) } == true
      && drop.device?.name == expected.device
      && (expected.ethertype == nil || drop.networkProtocol == expected.ethertype)
      && (expected.transport == nil || drop.transport == expected.transport
        || (expected.transport == "icmpv6" && drop.transport == "icmp6"))
  }

  var description: String {
    """
    \(drops)(\(segments)) \(drop.reason?.label ?? "-") \(drop.site?.label ?? "-") \
    \(role?.rawValue ?? "-")/\(drop.device?.label ?? "-") \(drop.networkProtocol ?? "-") \
    \(drop.transport ?? "-")
    """
  }
}
