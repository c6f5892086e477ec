import DropLab
import DropModel
import DropSources
import Filters
import Glibc
import Testing

/// Drops that are not asked for are left out in the kernel, and counted as filtered.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct FilterTests {
  static let attachments = [EBPFOptions.Attachment.typed, .raw]

  @Test(arguments: attachments)
  func `an expression leaves out what it does not match`(
    attachment: EBPFOptions.Attachment
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair(ipv6: true)
    let sender = try PacketSender(lab, a, "va")
    let filter = try PacketFilter("udp dst port 9")
    let source = try LiveKernel.source {
      $0.attachment = attachment
      $0.filter.expression = filter
      $0.packets = .all
    }
    for (port, count) in [(UInt16(9), 5), (10, 7)] {
      let four = UDPDatagram { $0.destinationPort = port }
      let six = UDPDatagram(from: .a6, to: .b6) { $0.destinationPort = port }
      try sender.send(four.frame, count: count)
      try sender.send(six.frame, count: 2 * count)
    }
    usleep(20_000)
    var batch = DropBatch()
    try source.stop(into: &batch)
    let inode = UInt32(b.inode)
    let drops = batch.tallies.filter { $0.key.namespace == inode }
    #expect(drops.filter { $0.key.ethertype == 0x0800 }.map(\.counts.drops) == [5])
    #expect(drops.filter { $0.key.ethertype == 0x86DD }.map(\.counts.drops) == [10])
    #expect(batch.packets.packets.count { $0.key.namespace == inode } == 15)
    #expect(batch.loss.filtered >= 21)
    #expect(batch.loss.offered == batch.loss.tallied)
    #expect(batch.loss.isConserved)
  }

  @Test(arguments: attachments)
  func `a packet that has no link header yet matches as well`(
    attachment: EBPFOptions.Attachment
  ) throws {
    let provocation = try #require(Provocation.named("nft-output"))
    let expected = provocation.expectations.reduce(0) { $0 + $1.count }
    // The same drops, once asked for by a length that counts the made-up header, once not.
    for (expression, count) in [("udp and len > 14", expected), ("not udp", 0)] {
      let lab = try Lab()
      defer { lab.close() }
      let filter = try PacketFilter(expression)
      var source: EBPFSource?
      lab.onArm = { _ in
        source = try LiveKernel.source {
          $0.attachment = attachment
          $0.filter.expression = filter
        }
      }
      try provocation.run(in: lab)
      var batch = DropBatch()
      try source?.stop(into: &batch)
      let inodes = Set(lab.namespaces.map { UInt32($0.inode) })
      let drops = batch.tallies.filter { inodes.contains($0.key.namespace) }
      #expect(drops.reduce(0) { $0 + Int($1.counts.drops) } == count, "\(expression)")
      #expect(batch.loss.filtered >= UInt64(expected - count))
      #expect(batch.loss.isConserved)
    }
  }

  @Test(arguments: attachments)
  func `a tag in the packet's bytes is seen, and what lies behind it`(
    attachment: EBPFOptions.Attachment
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let sender = try PacketSender(lab, a, "va")
    // XDP drops frames as they came, before the kernel takes the tag off.
    try BPFProgram(lab, .xdp, returning: 1).attach(lab, b, "vb", generic: true)
    let filter = try PacketFilter("vlan 5 and udp dst port 9")
    let source = try LiveKernel.source {
      $0.attachment = attachment
      $0.filter.expression = filter
    }
    for (tag, port, count) in [(UInt8(5), UInt16(9), 4), (5, 10, 8), (6, 9, 16)] {
      var frame = UDPDatagram { $0.destinationPort = port }.frame
      frame.insert(contentsOf: [0x81, 0x00, 0x00, tag], at: 12)
      try sender.send(frame, count: count)
    }
    usleep(20_000)
    var batch = DropBatch()
    try source.stop(into: &batch)
    let inode = UInt32(b.inode)
    let drops = batch.tallies.filter { $0.key.namespace == inode }
    #expect(drops.reduce(0) { $0 + $1.counts.drops } == 4)
    #expect(batch.loss.filtered >= 24)
    #expect(batch.loss.isConserved)
  }

  @Test(arguments: attachments)
  func `what is not of the network matches no expression`(
    attachment: EBPFOptions.Attachment
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let provocation = try #require(Provocation.named("unix-closed"))
    let filter = try PacketFilter("not ip6")
    var source: EBPFSource?
    lab.onArm = { _ in
      source = try LiveKernel.source {
        $0.attachment = attachment
        $0.filter.expression = filter
      }
    }
    try provocation.run(in: lab)
    var batch = DropBatch()
    try source?.stop(into: &batch)
    #expect(batch.tallies.allSatisfy { $0.key.ethertype != 0 })
    #expect(batch.loss.filtered >= UInt64(provocation.count))
    #expect(batch.loss.isConserved)
  }

  @Test func `an expression that loops is refused before anything is loaded`() throws {
    let filter = try PacketFilter("ip6 protochain 17")
    let error = #expect(throws: SourceError.self) {
      try LiveKernel.source { $0.filter.expression = filter }
    }
    #expect(error?.description.contains("it loops") == true)
  }
}
