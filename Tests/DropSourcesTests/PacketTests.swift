import DropLab
import DropModel
import DropSources
import Glibc
import KernelNames
import Testing

/// The packets that are handed over: their bytes, their owner, their stack.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct PacketTests {
  @Test(arguments: [EBPFOptions.Attachment.typed, .raw])
  func `a packet comes with the bytes that were on the wire`(
    attachment: EBPFOptions.Attachment
  ) throws {
    let datagram = UDPDatagram { $0.payload = Array("find me in the ring".utf8) }
    let (batch, lab) = try drop(datagram.frame, count: 3) { $0.attachment = attachment }
    defer { lab.close() }
    let packets = batch.packets.packets.filter { $0.key.interfaceIndex > 0 }
    #expect(packets.count == 3)
    for packet in packets {
      #expect(Array(batch.packets.storage[packet.bytes]) == datagram.frame)
      #expect(packet.hasLinkHeader)
      #expect(packet.networkOffset == 14)
      #expect(packet.transportOffset == 34)
      #expect(packet.ingressIndex > 0)
      #expect(packet.segments == 1)
      #expect(packet.stack.isEmpty)
    }
    #expect(batch.loss.lost == 0)
    #expect(batch.loss.isConserved)
  }

  @Test func `a snap length cuts the bytes and not the length`() throws {
    let datagram = UDPDatagram { $0.payload = [UInt8](repeating: 7, count: 400) }
    let (short, firstLab) = try drop(datagram.frame, count: 1) { $0.snapLength = 20 }
    defer { firstLab.close() }
    let (long, secondLab) = try drop(datagram.frame, count: 1) { $0.snapLength = 1600 }
    defer { secondLab.close() }
    let cut = try #require(short.packets.packets.first)
    #expect(Array(short.packets.storage[cut.bytes]) == Array(datagram.frame.prefix(20)))
    #expect(cut.length >= 408)
    let whole = try #require(long.packets.packets.first)
    #expect(Array(long.packets.storage[whole.bytes]) == datagram.frame)
  }

  @Test func `a stack leads from the drop to where the packet came from`() throws {
    let datagram = UDPDatagram { $0.payload = [1, 2, 3] }
    let (batch, lab) = try drop(datagram.frame, count: 1) { $0.hasStack = true }
    defer { lab.close() }
    let packet = try #require(batch.packets.packets.first)
    #expect(Array(batch.packets.storage[packet.bytes]) == datagram.frame)
    let bytes = batch.packets.storage[packet.stack]
    let resolver = Resolver(types: LiveKernel.types)
    let symbols = stride(from: bytes.startIndex, to: bytes.endIndex, by: 8).map { start in
      let address = bytes[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return resolver.site(at: address).symbol ?? "?"
    }
    #expect(symbols.contains("__udp4_lib_rcv"), "\(symbols)")
    #expect(symbols.contains { $0.hasPrefix("__netif_receive_skb") }, "\(symbols)")
  }

  @Test func `a socket's drop names its owner`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let provocation = try #require(Provocation.named("udp-full-socket"))
    var source: EBPFSource?
    lab.onArm = { _ in source = try LiveKernel.source { $0.packets = .all } }
    try provocation.run(in: lab)
    var batch = DropBatch()
    try source?.stop(into: &batch)
    let inode = UInt32(try #require(lab.namespace(.b)).inode)
    let owners = batch.packets.packets.filter { $0.key.namespace == inode }.map(\.owner)
    #expect(owners.count == provocation.count)
    for owner in owners {
      let owner = try #require(owner)
      #expect(owner.uid == geteuid())
      #expect(owner.family == AF_INET)
      #expect(owner.transport == IPPROTO_UDP)
      #expect(owner.inode > 0)
    }
  }

  private func drop(
    _ frame: [UInt8], count: Int, _ configure: (inout EBPFOptions) -> Void
  ) throws -> (DropBatch, Lab) {
    let lab = try Lab()
    let (a, b) = try lab.pair()
    let sender = try PacketSender(lab, a, "va")
    let source = try LiveKernel.source {
      $0.packets = .all
      configure(&$0)
    }
    try sender.send(frame, count: count)
    usleep(20_000)
    var batch = DropBatch()
    try source.stop(into: &batch)
    let inode = UInt32(b.inode)
    batch.packets.packets.removeAll { $0.key.namespace != inode }
    return (batch, lab)
  }
}
