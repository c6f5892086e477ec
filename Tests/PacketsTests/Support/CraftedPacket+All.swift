import DropLab
import Packets

extension CraftedPacket {
  /// Every combination of link, network and transport headers, and tunnels of these.
  static let all: [CraftedPacket] =
    plain.flatMap(\.framed) + fragments.flatMap(\.framed) + tunnels.flatMap(\.framed)
    + labelled + frames

  /// The same packet as it is, in a frame, and in frames with one and two tags.
  private var framed: [CraftedPacket] {
    let addresses = MACAddress.b.bytes + MACAddress.a.bytes
    let type: [UInt8] = bytes.first.map { $0 >> 4 } == 6 ? [0x86, 0xDD] : [8, 0]
    let tag: [UInt8] = [0x81, 0, 0xE0, 100]
    return [
      self, behind(addresses + type, "ethernet "), behind(addresses + tag + type, "vlan "),
      behind(addresses + [0x88, 0xA8, 0, 200] + tag + type, "qinq "),
    ]
  }

  /// IP packets with all sorts of transports, without fragments and tunnels.
  static let plain: [CraftedPacket] = {
    let v4 = CraftedTransport.all(isIPv6: false).flatMap { transport in
      [
        ip("", transport.name, IPv4Packet(transport.number, transport.bytes).bytes),
        ip(
          "options ", transport.name,
          IPv4Packet(transport.number, transport.bytes) {
            $0.options = [7, 7, 4, 0, 0, 0, 0, 0]
            $0.dontFragment = true
            $0.timeToLive = 3
          }.bytes),
      ]
    }
    let v6 = CraftedTransport.all(isIPv6: true).flatMap { transport in
      [
        ip("", transport.name, IPv6Packet(transport.number, transport.bytes).bytes),
        ip(
          "extended ", transport.name,
          IPv6Packet(
            0,
            IPv6Packet.options(next: 60, [5, 2, 0, 0]) + IPv6Packet.options(next: 43, [])
              + [51, 2, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 16)
              + [transport.number, 4, 0, 0] + .words32(0x2002, 1, 0, 0, 0) + transport.bytes
          ).bytes),
      ]
    }
    let authenticated = CraftedTransport.all(isIPv6: false).prefix(9).map { transport in
      ip(
        "authenticated ", transport.name,
        IPv4Packet(
          51, [transport.number, 4, 0, 0] + .words32(0x2002, 1, 1, 2, 3) + transport.bytes
        )
        .bytes)
    }
    return v4 + v6 + authenticated
  }()

  private static func ip(_ kind: String, _ name: String, _ bytes: [UInt8]) -> CraftedPacket {
    CraftedPacket(
      name: "IPv\(bytes.first.map { $0 >> 4 } ?? 0) \(kind)\(name)", bytes: bytes, linkType: .raw)
  }

  private static let fragments: [CraftedPacket] = {
    let datagram = UDPDatagram([UInt8](repeating: 7, count: 72)).bytes
    let datagram6 = UDPDatagram([UInt8](repeating: 7, count: 72), from: .a6, to: .b6).bytes
    return [0, 32, 64].flatMap { (offset: UInt16) in
      let part = Array(datagram.dropFirst(Int(offset)).prefix(32))
      let part6 = Array(datagram6.dropFirst(Int(offset)).prefix(32))
      let isLast = offset == 64
      return [
        ip(
          "fragment at ", "\(offset)",
          IPv4Packet(17, part) {
            $0.identification = 1234
            $0.fragmentOffset = offset
            $0.moreFragments = !isLast
          }.bytes),
        ip(
          "fragment at ", "\(offset)",
          IPv6Packet(
            44,
            IPv6Packet.fragment(next: 17, identification: 99_999, offset: offset, more: !isLast)
              + part6
          ).bytes),
      ]
    }
  }()

  /// What else there is in frames.
  private static let frames: [CraftedPacket] = [
    CraftedPacket(
      name: "arp request", bytes: EthernetFrame(ARPMessage().bytes, ethertype: 0x0806).bytes),
    CraftedPacket(
      name: "arp reply",
      bytes: EthernetFrame(
        ARPMessage(operation: 2, target: (.d, .b)).bytes, vlans: [7], ethertype: 0x0806
      ).bytes),
    CraftedPacket(
      name: "unknown ethertype",
      bytes: EthernetFrame([UInt8](repeating: 1, count: 46), ethertype: 0x88B5).bytes),
    CraftedPacket(
      name: "802.3",
      bytes: EthernetFrame([0x42, 0x42, 3] + [UInt8](repeating: 0, count: 35), ethertype: 38).bytes),
  ]
}
