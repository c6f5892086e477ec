import Bytes
import DropLab
import DropModel
import Packets
import Testing

/// Where the headers of a dropped packet begin, by what the kernel says of it and by its bytes.
struct PacketStartTests {
  private static let datagram = UDPDatagram([1, 2, 3]).bytes
  private static let packet = IPv4Packet(17, datagram).bytes
  private static let frame = EthernetFrame(packet).bytes
  private static let text = "UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 3"

  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let bytes: [UInt8]
    var ethertype: UInt16 = 0x0800
    var transport: UInt8 = 17
    var family: UInt8 = 0
    var hasLink = false
    var network: Int?
    var transportOffset: Int?
    let text: String
  }

  private static let cases: [Case] = [
    Case(
      description: "a received frame", bytes: frame, hasLink: true, network: 14,
      transportOffset: 34, text: text),
    Case(
      description: "a frame whose tag is still in it",
      bytes: EthernetFrame(packet, vlans: [100]).bytes, hasLink: true, network: 18,
      text: "vlan 100 " + text),
    Case(
      description: "a frame whose tag the kernel has not looked behind",
      bytes: EthernetFrame(packet, vlans: [100]).bytes, ethertype: 0x8100, transport: 255,
      hasLink: true, network: 14, text: "vlan 100 " + text),
    Case(
      description: "a frame of 802.3, for which the kernel has a number of its own",
      bytes: EthernetFrame([UInt8](repeating: 3, count: 38), ethertype: 38).bytes, ethertype: 4,
      transport: 255, hasLink: true, network: 14,
      text: "802.3 02:00:00:00:0a:01 > 02:00:00:00:0b:01 len 38"),
    Case(
      description: "a frame on output, of which only the network header is known", bytes: frame,
      network: 14, text: text),
    Case(description: "a packet without a link header", bytes: packet, network: 0, text: text),
    Case(
      description: "a packet behind another link header",
      bytes: [UInt8](repeating: 0xAA, count: 16) + packet, hasLink: true, network: 16, text: text),
    Case(
      description: "a packet out of GRE, whose link header is the outer packet",
      bytes: IPv4Packet(47, [0, 0, 8, 0] + packet).bytes, hasLink: true, network: 24,
      text: "GRE 10.77.0.1 > 10.77.0.2: " + text),
    Case(
      description: "a datagram before its IP header", bytes: datagram, transportOffset: 0,
      text: "UDP *:40000 > *:9000 len 3"),
    Case(
      description: "a datagram behind room for an IP header",
      bytes: [UInt8](repeating: 0, count: 20) + datagram, network: 0, transportOffset: 20,
      text: "UDP *:40000 > *:9000 len 3"),
    Case(
      description: "an IP header before its ethertype is set", bytes: packet, ethertype: 0,
      family: 2, network: 0, text: text),
    Case(
      description: "data before its TCP header", bytes: [1, 2, 3], ethertype: 0, transport: 6,
      family: 2, text: "TCP len 3"),
    Case(
      description: "data before its TCP header, and an offset left over",
      bytes: [UInt8](repeating: 0, count: 30), transport: 6, transportOffset: 0,
      text: "TCP len 30"),
    Case(
      description: "a message between local sockets", bytes: Array("hello, socket".utf8),
      ethertype: 0, transport: 255, family: 1, text: "unix len 13"),
    Case(
      description: "nothing at all", bytes: [], ethertype: 0, transport: 255,
      text: "unknown len 0"),
    Case(
      description: "bytes of an unknown protocol", bytes: [1, 2, 3], ethertype: 0x88B5,
      transport: 255, network: 0, text: "0x88b5 len 3"),
    Case(
      description: "a frame cut within its link header", bytes: Array(frame.prefix(13)),
      hasLink: true, text: "ethernet 02:00:00:00:0a:01 > 02:00:00:00:0b:01 [truncated]"),
  ]

  @Test(arguments: cases)
  func `a packet is decoded from where its headers begin`(_ example: Case) {
    let key = DropKey(
      site: 0, ethertype: example.ethertype, transport: example.transport, family: example.family)
    let packet = Packet(
      time: MonotonicTime(nanoseconds: 0), key: key, length: 0,
      originalLength: UInt32(example.bytes.count), segments: 1, ingressIndex: 0, owner: nil,
      hasLinkHeader: example.hasLink, networkOffset: example.network,
      transportOffset: example.transportOffset, bytes: 0..<example.bytes.count, stack: 0..<0)
    let headers = PacketHeaders(packet, example.bytes.span.raw)
    #expect(CraftedPacket.text(headers, example.bytes) == example.text)
  }
}
