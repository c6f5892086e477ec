import DropLab
import DropModel
import DropSources
import Glibc
import Testing

/// Nothing is lost without being counted, at full speed and beyond every limit.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct ConservationTests {
  @Test func `a million drops at full speed are counted to the last one`() throws {
    let (batch, flood) = try watch(drops: 1_000_000) { _ in }
    #expect(flood.counted == 1_000_000)
    #expect(batch.floodDrops == 1_000_000)
    #expect(batch.loss.seen == batch.drops)
    #expect(batch.loss.isConserved)
    #expect(!batch.loss.isLossy)
  }

  @Test func `what a full map cannot hold is counted as overflowed`() throws {
    // 64 ethertypes, 1,000 frames each: eight of them find room, if nobody else drops.
    let (batch, flood) = try watch(drops: 64_000, ethertypes: 64) { $0.keys = 8 }
    #expect(flood.counted == 64_000)
    #expect(batch.tallies.count <= 8 * 2)
    #expect(Set(batch.tallies.map(\.key)).count == 8)
    #expect(batch.loss.seen >= 64_000)
    #expect(batch.loss.tallied == batch.drops)
    #expect(batch.loss.overflowed == batch.loss.seen - batch.drops)
    #expect(batch.loss.overflowed >= 56_000)
    #expect(batch.loss.isConserved)
    #expect(batch.loss.isLossy)
  }

  @Test func `a small ring loses packets and says exactly how many`() throws {
    let (batch, _) = try watch(drops: 200_000) {
      $0.packets = .all
      $0.ringBytes = 64 << 10
    }
    #expect(batch.floodDrops == 200_000)
    #expect(batch.loss.offered == batch.loss.tallied)
    #expect(batch.loss.delivered == UInt64(batch.packets.packets.count))
    #expect(batch.loss.lost > 0)
    #expect(batch.loss.limited == 0)
    #expect(batch.loss.isConserved)
  }

  @Test func `no key hands over more packets per second than its limit`() throws {
    let (batch, _) = try watch(drops: 100_000, ethertypes: 4) {
      $0.packets = .limited(perSecond: 10)
    }
    var perKey: [DropKey: [MonotonicTime]] = [:]
    for packet in batch.packets.packets { perKey[packet.key, default: []].append(packet.time) }
    let flood = perKey.filter { $0.key.ethertype & 0xF000 == 0xA000 }
    #expect(flood.count == 4)
    for times in flood.values {
      // A window opens with its first packet, so it can be no more than ten in each full second.
      let seconds =
        1 + (times.last?.nanoseconds ?? 0) / 1_000_000_000
        - (times.first?.nanoseconds ?? 0) / 1_000_000_000
      #expect(times.count <= 10 * Int(seconds))
      #expect(times.count >= 10)
    }
    #expect(batch.loss.limited > 0)
    #expect(batch.loss.lost == 0)
    #expect(batch.loss.isConserved)
  }

  @Test func `two watchers at once count the same`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair()
    let generator = try XDPFlood(lab, b)
    let first = try LiveKernel.source()
    let second = try LiveKernel.source { $0.attachment = .raw }
    let flood = try generator.run(.unknownEthertype(), count: 100_000)
    var (one, two) = (DropBatch(), DropBatch())
    try first.stop(into: &one)
    try second.stop(into: &two)
    #expect(flood.counted == 100_000)
    #expect(one.floodDrops == 100_000)
    #expect(two.floodDrops == 100_000)
    let inode = UInt32(b.inode)
    #expect(
      one.tallies.filter { $0.key.namespace == inode }.map(\.counts)
        == two.tallies.filter { $0.key.namespace == inode }.map(\.counts))
  }

  @Test(arguments: [EBPFOptions.Attachment.typed, .raw])
  func `drops of our own sockets are excluded and counted`(
    attachment: EBPFOptions.Attachment
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let namespace = try lab.makeNamespace(.a)
    let own = try LabSocket(lab, namespace, .udp).bind("127.0.0.1", 5_000)
    let foreign = try LabSocket(lab, namespace, .udp).bind("127.0.0.1", 5_001)
    for socket in [own, foreign] { try socket.option(SOL_SOCKET, SO_RCVBUF, 2048) }
    let sender = try LabSocket(lab, namespace, .udp)
    // Both are full after a few datagrams of this size.
    for port: UInt16 in [5_000, 5_001] {
      try sender.send(to: "127.0.0.1", port, size: 1000, count: 20)
    }
    let source = try LiveKernel.source { $0.attachment = attachment }
    try source.exclude(socket: own.descriptor.number)
    try sender.send(to: "127.0.0.1", 5_000, size: 1000, count: 30)
    try sender.send(to: "127.0.0.1", 5_001, size: 1000, count: 40)
    var batch = DropBatch()
    try source.stop(into: &batch)
    let inode = UInt32(namespace.inode)
    let counted = batch.tallies.filter { $0.key.namespace == inode }
    #expect(counted.reduce(0) { $0 + $1.counts.drops } == 40)
    #expect(batch.loss.excluded == 30)
    #expect(batch.loss.isConserved)
    #expect(throws: SourceError.self) { try source.exclude(socket: 9999) }
  }

  @Test func `reading meanwhile neither loses nor repeats a drop`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair()
    let generator = try XDPFlood(lab, b, ethertypes: 16)
    let source = try LiveKernel.source()
    var batch = DropBatch()
    for _ in 0..<20 {
      _ = try generator.run(.unknownEthertype(), count: 1600)
      try batch.read(source)
      #expect(batch.loss.isConserved)
    }
    try source.stop(into: &batch)
    #expect(batch.floodDrops == 32_000)
  }

  private func watch(
    drops: Int, ethertypes: UInt16 = 1, _ configure: (inout EBPFOptions) -> Void
  ) throws -> (DropBatch, Flood) {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair()
    let generator = try XDPFlood(lab, b, ethertypes: ethertypes)
    let source = try LiveKernel.source(configure)
    let flood = try generator.run(.unknownEthertype(), count: drops)
    var batch = DropBatch()
    try source.stop(into: &batch)
    return (batch, flood)
  }
}
