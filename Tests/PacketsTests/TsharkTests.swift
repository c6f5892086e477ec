import Bytes
import DropLab
import DropModel
import DropSources
import Glibc
import KernelNames
import Packets
import Testing

/// Our decoder beside tshark's, on the same bytes.
struct TsharkTests {
  @Test func `every crafted packet is decoded as tshark decodes it`() throws {
    let packets = CraftedPacket.all.map { Dissected($0) }
    #expect(packets.count >= 500)
    let differences = try Dissected.differences(packets)
    #expect(differences.isEmpty, "\(differences)")
  }

  @Test(.enabled(if: geteuid() == 0, "BPF and namespaces need root"))
  func `every packet of the drop lab is decoded as tshark decodes it`() throws {
    let types = try BTF(try [UInt8](contentsOfFile: "/sys/kernel/btf/vmlinux"))
    var packets: [Dissected] = []
    for provocation in Provocation.all {
      let dropped = try drop(provocation, types)
      packets += dropped.compactMap { bytes, headers in
        Dissected("\(provocation) \(CraftedPacket.text(headers, bytes))", headers, bytes)
      }
    }
    #expect(packets.count >= Provocation.all.count)
    let differences = try Dissected.differences(packets).filter { difference in
      let isEarly = Self.earlyEnds.contains { difference.packet.hasPrefix("\($0) ") }
      return !isEarly || !(difference.ours.isEmpty || difference.theirs.isEmpty)
    }
    #expect(differences.isEmpty, "\(differences)")
  }

  /// Cases in which tshark reads nothing behind a fault, and we what is there, or the other way
  /// round: what both read must agree.
  private static let earlyEnds = ["ip6-bad-hop-option", "tcp-short-header"]

  /// The first packets that a case of the lab loses, each once.
  private func drop(
    _ provocation: Provocation, _ types: BTF
  ) throws -> [(bytes: [UInt8], headers: PacketHeaders)] {
    let lab = try Lab()
    defer { lab.close() }
    var options = EBPFOptions()
    options.packets = .all
    options.snapLength = 1600
    var source: EBPFSource?
    lab.onArm = { _ in source = try EBPFSource(options: options, types: types) }
    try provocation.run(in: lab)
    var batch = DropBatch()
    try source?.stop(into: &batch)
    let inodes = Set(lab.namespaces.map { UInt32($0.inode) })
    var seen: Set<[UInt8]> = []
    return batch.packets.packets.prefix(1000).compactMap { packet in
      let bytes = Array(batch.packets.storage[packet.bytes])
      guard inodes.contains(packet.key.namespace), seen.insert(bytes).inserted else { return nil }
      return (bytes, PacketHeaders(packet, bytes.span.raw))
    }
  }
}
