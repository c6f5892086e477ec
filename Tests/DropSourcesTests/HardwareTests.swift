import DropLab
import DropModel
import DropSources
import Filters
import Glibc
import KernelNames
import Testing

/// Drops in hardware, reported by a simulated card.
@Suite(
  .serialized, .enabled(if: geteuid() == 0, "BPF needs root"),
  .enabled(
    if: SimulatedCard.isLoaded("netdevsim") || SimulatedCard.isLoaded("netdevsim_dropping"),
    "the module netdevsim is not loaded (Tests/VM/netdevsim builds it)"))
struct HardwareTests {
  /// What the card reports and devlink counts as drops; the last two are exceptions.
  private static let traps = [
    "blackhole_route", "source_mac_is_multicast", "tail_drop", "fid_miss",
    "ttl_value_is_too_small",
  ]
  private static let drops = Array(traps.prefix(3))

  /// Drops of the traps by name, of one device.
  private func counted(_ batch: DropBatch, _ resolver: Resolver, _ device: String)
    -> [String: Counts]
  {
    var counts: [String: Counts] = [:]
    for tally in batch.tallies where tally.key.isHardware {
      let drop = resolver.drop(for: tally.key)
      guard drop.device?.name == device, let name = drop.reason?.name else { continue }
      counts[name, default: .zero] += tally.counts
    }
    return counts
  }

  @Test(arguments: [EBPFOptions.Attachment.typed, .raw])
  func `traps are counted as devlink counts them, with group, port and protocol`(
    attachment: EBPFOptions.Attachment
  ) throws {
    let card = try SimulatedCard(traps: Self.drops)
    let source = try LiveKernel.source { $0.attachment = attachment }
    try card.report(milliseconds: 1500)
    var batch = DropBatch()
    try source.stop(into: &batch)
    let resolver = Resolver(types: LiveKernel.types)
    resolver.learn(batch)
    let counts = counted(batch, resolver, card.device)
    // Its control traps are copies of packets that went their way, and no drops.
    #expect(Set(counts.keys) == Set(Self.traps))
    for trap in Self.traps {
      let packets = try card.packets(trap)
      #expect(packets >= 3)
      // 14 bytes of Ethernet, 20 of IP, 8 of UDP, 100 of payload.
      #expect(counts[trap] == Counts(drops: packets, bytes: packets * 142, segments: packets))
    }
    let drops = batch.tallies.filter(\.key.isHardware).map { resolver.drop(for: $0.key) }
    #expect(drops.allSatisfy { $0.networkProtocol == "ipv4" && $0.transport == "udp" })
    #expect(drops.allSatisfy { $0.namespace?.name == "init" })
    #expect(drops.first { $0.reason?.name == "tail_drop" }?.reason?.group == "buffer_drops")
    #expect(batch.loss.isConserved)
    #expect(batch.loss.seen == batch.drops + batch.loss.excluded)
    #expect(!batch.loss.isLossy)
  }

  @Test func `traps are asked for by name, their packets by an expression`() throws {
    let card = try SimulatedCard(traps: Self.drops)
    let (udp, tcp) = (try PacketFilter("udp and len = 142"), try PacketFilter("tcp"))
    let wanted = try LiveKernel.source {
      $0.filter.reasons = [.trap("tail_drop")]
      $0.filter.expression = udp
    }
    let unwanted = try LiveKernel.source { $0.filter.unwantedReasons = [.trap("tail_drop")] }
    let other = try LiveKernel.source { $0.filter.expression = tcp }
    try card.report(milliseconds: 800)
    var batches = [DropBatch(), DropBatch(), DropBatch()]
    for (index, source) in [wanted, unwanted, other].enumerated() {
      try source.stop(into: &batches[index])
    }
    let counts = batches.map { batch in
      let resolver = Resolver(types: LiveKernel.types)
      resolver.learn(batch)
      return counted(batch, resolver, card.device)
    }
    #expect(Set(counts[0].keys) == ["tail_drop"])
    #expect(counts[0]["tail_drop"]?.drops == (try card.packets("tail_drop")))
    #expect(Set(counts[1].keys) == Set(Self.traps).subtracting(["tail_drop"]))
    #expect(counts[2].isEmpty)
    for batch in batches {
      #expect(batch.loss.filtered > 0)
      #expect(batch.loss.isConserved)
    }
  }

  @Test func `its packets are handed over with trap, port and bytes`() throws {
    let card = try SimulatedCard(traps: Self.drops)
    let source = try LiveKernel.source { $0.packets = .all }
    try card.report(milliseconds: 800)
    var batch = DropBatch()
    // As the prompt's packet mode reads: names must come with the packets.
    try source.readPackets(into: &batch)
    let resolver = Resolver(types: LiveKernel.types)
    resolver.learn(batch)
    let packets = batch.packets.packets.filter(\.key.isHardware)
    #expect(packets.count >= 10)
    for packet in packets {
      let drop = resolver.drop(for: packet.key)
      let name = try #require(drop.reason?.name)
      #expect(Self.traps.contains(name))
      #expect(drop.site?.label == "trap " + name)
      #expect(drop.device?.name == card.device)
      #expect(packet.ingressIndex == packet.key.interfaceIndex)
      #expect(packet.length == 142)
      #expect(packet.originalLength == 142)
      #expect(packet.networkOffset == 14)
      #expect(packet.hasLinkHeader)
      let bytes = Array(batch.packets.storage[packet.bytes])
      #expect(bytes.count == 96)
      #expect(bytes[12...14] == [0x08, 0x00, 0x45])
      #expect(bytes[26..<34] == [192, 0, 2, 1, 198, 51, 100, 1])
    }
    try source.stop(into: &batch)
    #expect(batch.loss.delivered == UInt64(batch.packets.packets.count))
    #expect(batch.loss.isConserved)
    #expect(batch.loss.lost == 0)
  }

  @Test func `each trap has its own limit`() throws {
    let card = try SimulatedCard(traps: Self.drops)
    let source = try LiveKernel.source { $0.packets = .limited(perSecond: 1) }
    try card.report(milliseconds: 500)
    var batch = DropBatch()
    try source.stop(into: &batch)
    let handedOver = Set(batch.packets.packets.map(\.key).filter(\.isHardware))
    #expect(handedOver.count == Self.traps.count)
    #expect(batch.loss.limited > 0)
    #expect(batch.loss.isConserved)
  }

  @Test func `hardware alone can be watched, and left out`() throws {
    let card = try SimulatedCard(traps: Self.drops)
    let hardware = try LiveKernel.source {
      $0.software = false
      $0.hardware = .asked
    }
    let software = try LiveKernel.source { $0.hardware = .off }
    try card.report(milliseconds: 500)
    var (traps, others) = (DropBatch(), DropBatch())
    try hardware.stop(into: &traps)
    try software.stop(into: &others)
    #expect(traps.tallies.allSatisfy { $0.key.isHardware })
    #expect(traps.loss.seen == traps.drops)
    #expect(traps.drops >= 5)
    #expect(!others.tallies.contains { $0.key.isHardware })
    #expect(traps.notes.isEmpty)
  }

  @Test(.enabled(if: (try? DropMonitorProbe()) != nil, "this kernel has no drop_monitor"))
  func `NET_DM counts the same`() throws {
    let card = try SimulatedCard(traps: Self.drops)
    var options = DropMonitorOptions()
    options.configuration.alertMode = .packet
    options.software = false
    options.hardware = true
    let monitor = try DropMonitorSource(options: options)
    let source = try LiveKernel.source()
    try card.report(milliseconds: 1000)
    var (ours, theirs) = (DropBatch(), DropBatch())
    try source.stop(into: &ours)
    try monitor.stop(into: &theirs)
    let (one, two) = (Resolver(types: LiveKernel.types), Resolver(types: LiveKernel.types))
    one.learn(ours)
    two.learn(theirs)
    let counts = counted(ours, one, card.device).mapValues { [$0.drops, $0.bytes] }
    #expect(counts == counted(theirs, two, card.device).mapValues { [$0.drops, $0.bytes] })
    #expect(counts.count == Self.traps.count)
  }

  @Test(arguments: [EBPFOptions.Attachment.typed, .raw])
  func `what others drop meanwhile, in memory just used by the card, is not taken for its own`(
    attachment: EBPFOptions.Attachment
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let sender = try PacketSender(lab, a, "va")
    let card = try SimulatedCard(traps: Self.drops)
    let source = try LiveKernel.source { $0.attachment = attachment }
    try card.report(milliseconds: 300) {
      for _ in 0..<20 {
        try sender.send(UDPDatagram().frame, count: 100)
        usleep(20_000)
      }
    }
    var batch = DropBatch()
    try source.stop(into: &batch)
    let dropped = batch.tallies.filter { $0.key.namespace == UInt32(b.inode) }
    #expect(dropped.reduce(0) { $0 + $1.counts.drops } == 2000)
    #expect(batch.tallies.contains { $0.key.isHardware })
    if SimulatedCard.isLoaded("netdevsim") { #expect(batch.loss.excluded == 0) }
    #expect(batch.loss.isConserved)
  }

  @Test(
    .enabled(
      if: SimulatedCard.isLoaded("netdevsim_dropping"),
      "the card consumes what it reports, as cards do"),
    arguments: [EBPFOptions.Attachment.typed, .raw])
  func `a packet that the driver or the stack drops as well counts once, as the hardware's`(
    attachment: EBPFOptions.Attachment
  ) throws {
    let card = try SimulatedCard(traps: Self.drops)
    let source = try LiveKernel.source { $0.attachment = attachment }
    let software = try LiveKernel.source { $0.hardware = .off }
    try card.report(milliseconds: 1500)
    var (batch, plain) = (DropBatch(), DropBatch())
    try source.stop(into: &batch)
    try software.stop(into: &plain)
    let resolver = Resolver(types: LiveKernel.types)
    resolver.learn(batch)
    let counts = counted(batch, resolver, card.device)
    var packets: UInt64 = 0
    for trap in Self.traps {
      let reported = try card.packets(trap)
      #expect(counts[trap]?.drops == reported)
      packets += reported
    }
    #expect(packets >= 10)
    // This one counts software drops alone, and sees each of them.
    #expect(plain.loss.excluded == 0)
    #expect(plain.drops >= packets)
    #expect(batch.loss.excluded == packets)
    #expect(batch.drops - packets == plain.drops - packets)
    #expect(batch.loss.isConserved)
  }
}
