import DropLab
import Packets

extension CraftedPacket {
  /// Packets inside packets, one or two deep.
  static let tunnels: [CraftedPacket] = {
    let once = inner.flatMap { tunnelled($0) }
    let twice = once.prefix(16).flatMap { tunnelled($0).prefix(8) }
    return once + twice
  }()

  /// A few packets of either version.
  private static let inner: [CraftedPacket] = [
    "IPv4 tcp 2 options 20 data 0", "IPv4 udp", "IPv4 icmp 3 3", "IPv6 udp empty",
    "IPv6 extended tcp 24 options 0 data 16", "IPv6 icmp6 128 0",
  ].compactMap { name in plain.first { $0.name == name } }

  private static func tunnelled(_ packet: CraftedPacket) -> [CraftedPacket] {
    let isIPv6 = packet.bytes.first.map { $0 >> 4 } == 6
    let type: UInt16 = isIPv6 ? 0x86DD : 0x0800
    let types = [UInt8].words16(type)
    let frame = EthernetFrame(packet.bytes, to: .d, vlans: [30]).bytes
    let labels: [UInt8] = .words32(0x0010_0040, 0x0011_013F)
    let geneveOptions: [UInt8] = .words32(0x0102_8001, 0xDEAD_BEEF)
    func v4(_ name: String, _ number: UInt8, _ bytes: [UInt8]) -> CraftedPacket {
      CraftedPacket(
        name: "\(name)(\(packet.name))", bytes: IPv4Packet(number, bytes + packet.bytes).bytes,
        linkType: .raw)
    }
    func v4(_ name: String, port: UInt16, _ bytes: [UInt8]) -> CraftedPacket {
      let datagram = UDPDatagram(bytes) { $0.destinationPort = port }
      return CraftedPacket(
        name: "\(name)(\(packet.name))", bytes: IPv4Packet(17, datagram.bytes).bytes, linkType: .raw
      )
    }
    let ipip: UInt8 = isIPv6 ? 41 : 4
    return [
      v4("vxlan", port: 4789, [8, 0, 0, 0] + .words32(42 << 8) + frame),
      v4("gre", 47, [0, 0] + types), v4("ipip", ipip, []),
      v4("gre with key", 47, [0x20, 0] + types + .words32(5)),
      v4("geneve", port: 6081, [0, 0, 0x65, 0x58] + .words32(43 << 8) + frame),
      v4("gre with all", 47, [0xB0, 0] + types + .words32(0, 5, 6)),
      CraftedPacket(
        name: "ip6 tunnel(\(packet.name))", bytes: IPv6Packet(ipip, packet.bytes).bytes,
        linkType: .raw),
      CraftedPacket(
        name: "gre with frame(\(packet.name))",
        bytes: IPv6Packet(47, [0, 0, 0x65, 0x58] + frame).bytes, linkType: .raw),
      v4(
        "geneve with options", port: 6081,
        [2, 0] + types + .words32(43 << 8) + geneveOptions + packet.bytes),
      v4("linux vxlan", port: 8472, [8, 0, 0, 0] + .words32(0xFF_FFFF << 8) + frame),
      v4("gre with labels", 47, [0, 0, 0x88, 0x47] + labels),
    ]
  }

  /// Packets behind labels, in frames.
  static let labelled: [CraftedPacket] = inner.flatMap { packet in
    let stacks: [[UInt8]] = [.words32(0x0010_0140), .words32(0x0010_0040, 0x0011_013F)]
    return stacks.map { stack in
      CraftedPacket(
        name: "mpls \(stack.count / 4)(\(packet.name))",
        bytes: EthernetFrame(stack + packet.bytes, ethertype: 0x8847).bytes)
    }
  }
}
