import DropLab
import Packets

/// What IP carries, and the number that announces it.
struct CraftedTransport {
  let name: String
  let number: UInt8
  let bytes: [UInt8]

  /// Those of either version; ports, checksums and quotations suit the addresses.
  static func all(isIPv6: Bool) -> [CraftedTransport] {
    let (a, b): (IPAddress, IPAddress) = isIPv6 ? (.a6, .b6) : (.a, .b)
    func udp(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
      UDPDatagram(payload, from: a, to: b) { $0.destinationPort = port }.bytes
    }
    func tcp(
      _ flags: TCPSegment.Flags, _ options: [UInt8] = [], payload: [UInt8] = []
    ) -> CraftedTransport {
      let segment = TCPSegment(flags, from: a, to: b) {
        $0.options = options
        $0.payload = payload
        $0.acknowledgement = flags.contains(.ack) ? 77_000 : 0
      }
      return CraftedTransport(
        name: "tcp \(flags.rawValue) options \(options.count) data \(payload.count)", number: 6,
        bytes: segment.bytes)
    }
    let synOptions: [UInt8] =
      [2, 4] + .words16(1460) + [4, 2, 8, 10] + .words32(100, 0) + [1, 3, 3, 7]
    let sack: [UInt8] = [1, 1, 8, 10] + .words32(7, 8) + [1, 1, 5, 18] + .words32(1, 2, 3, 4)
    let segments = [
      tcp(.syn, synOptions), tcp([.syn, .ack], [2, 4, 5, 0xB4]), tcp([.ack, .psh], payload: text),
      tcp(.ack, sack), tcp([.rst, .ack]), tcp([.fin, .ack]), tcp([]),
      tcp(TCPSegment.Flags(rawValue: 0xFF), payload: text),
    ]
    let datagrams: [(name: String, port: UInt16, payload: [UInt8])] = [
      ("udp", 9_000, text), ("udp empty", 9, []),
      ("esp in udp", 4500, .words32(0x1001, 5) + text + text),
      ("wireguard initiation", 51_820, [1, 0, 0, 0] + [UInt8](repeating: 9, count: 144)),
      ("wireguard response", 51_820, [2, 0, 0, 0] + [UInt8](repeating: 9, count: 88)),
      ("wireguard cookie", 51_820, [3, 0, 0, 0] + [UInt8](repeating: 9, count: 60)),
      (
        "wireguard data", 51_820,
        [4, 0, 0, 0, 0, 0, 0, 7, 3] + [UInt8](repeating: 0, count: 7)
          + [UInt8](repeating: 9, count: 32)
      ),
    ]
    let initiation: [UInt8] =
      .words16(1000, 3868) + .words32(0, 0) + [1, 0, 0, 20] + .words32(1, 65_536)
      + .words16(10, 10) + .words32(1)
    let others = [
      CraftedTransport(name: "esp", number: 50, bytes: .words32(0x1001, 7) + text + text),
      CraftedTransport(name: "sctp init", number: 132, bytes: initiation),
      CraftedTransport(name: "number 253", number: 253, bytes: text),
    ]
    return segments
      + datagrams.map {
        CraftedTransport(name: $0.name, number: 17, bytes: udp($0.port, $0.payload))
      } + others + (isIPv6 ? icmp6 : icmp4)
  }

  /// 16 bytes that are nothing in particular.
  private static let text = Array("no header at all".utf8)

  private static let icmp4: [CraftedTransport] = {
    let quoted = IPv4Packet(17, UDPDatagram().bytes).bytes
    let tcp = IPv4Packet(6, TCPSegment(.syn).bytes).bytes
    let messages: [(type: UInt8, code: UInt8, body: [UInt8])] = [
      (8, 0, .words16(5, 1) + text), (0, 0, .words16(5, 1) + text),
      (3, 3, [0, 0, 0, 0] + quoted), (3, 4, .words16(0, 1400) + quoted),
      (3, 1, [0, 0, 0, 0] + tcp.prefix(28)), (5, 1, [10, 77, 0, 9] + quoted.prefix(28)),
      (11, 0, [0, 0, 0, 0] + quoted.prefix(28)), (12, 0, [20, 0, 0, 0] + quoted.prefix(28)),
      (13, 0, .words16(5, 1) + .words32(1, 2, 3)),
    ]
    let groups: [(name: String, bytes: [UInt8])] = [
      ("igmp query", [0x11, 100, 0xEE, 0x9B, 0, 0, 0, 0]),
      ("igmp report", [0x16, 0, 0, 0, 224, 0, 0, 251]),
      ("igmp v3 report", [0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 224, 0, 0, 251]),
    ]
    return messages.map { type, code, body in
      CraftedTransport(
        name: "icmp \(type) \(code)", number: 1,
        bytes: ICMPMessage(type, code: code, body: body).bytes)
    } + groups.map { CraftedTransport(name: $0.name, number: 2, bytes: $0.bytes) }
  }()

  private static let icmp6: [CraftedTransport] = {
    let quoted = IPv6Packet(17, UDPDatagram(from: .a6, to: .b6).bytes).bytes
    let target = IPAddress.b6.bytes
    let messages: [(type: UInt8, code: UInt8, body: [UInt8])] = [
      (128, 0, .words16(5, 1) + text), (129, 0, .words16(5, 1) + text),
      (1, 4, [0, 0, 0, 0] + quoted), (2, 0, .words32(1280) + quoted),
      (3, 0, [0, 0, 0, 0] + quoted),
      (135, 0, [0, 0, 0, 0] + target + [1, 1] + MACAddress.a.bytes),
      (136, 0, [0x60, 0, 0, 0] + target + [2, 1] + MACAddress.b.bytes),
      (133, 0, [0, 0, 0, 0]),
    ]
    return messages.map { type, code, body in
      let message = ICMPMessage(type, code: code, body: body, from: .a6, to: .b6)
      return CraftedTransport(name: "icmp6 \(type) \(code)", number: 58, bytes: message.bytes)
    }
  }()
}
