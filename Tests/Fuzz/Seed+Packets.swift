internal import NetlinkLab

extension Seed {
  /// Packets with much in them, each 200 bytes long by the kernel's word.
  static var packets: [Seed] {
    let tcp = ipv4("06") + segment
    let udp = ipv4("11") + datagram("2328")
    let vxlan = ipv4("11") + datagram("12b5") + hex("08000000 00002a00") + frame("0800") + tcp
    let geneve =
      ipv4("11") + datagram("17c1") + hex("0100 86dd 00002b00 01028001") + ipv6 + segment
    let gre = ipv4("2f") + hex("b000 8847 0000 0000 00000005 00000006 00100140") + udp
    let frames =
      [tcp, vxlan, geneve, gre, ipv4("32") + hex("00001001 00000007")]
      .map { frame("0800") + $0 } + [
        frame("88a8") + hex("00c8 8100 0064 86dd") + ipv6 + segment,
        frame("0806") + hex("0001 0800 0604 0001 020000000a01 0a4d0001 000000000000 0a4d0002"),
      ]
    let packets = [
      ipv4("01") + hex("0303 0000 00000000") + udp, ipv4("02") + hex("16000000 e00000fb"),
      ipv4("84") + hex("03e8 0f1c 00000000 00000000 01 00 0014"), ipv4("04") + ipv4("29") + ipv6,
      ipv4("11") + datagram("ca6c") + hex("01000000") + [UInt8](repeating: 9, count: 144),
    ]
    return frames.map { seed(0, $0) } + packets.map { seed(1, $0) }
      + [seed(2, ipv6 + segment), seed(0b011011, frame("0800") + tcp), seed(0b10_0011, tcp)]
  }

  private static func seed(_ choice: UInt8, _ bytes: [UInt8]) -> Seed {
    Seed(parser: .packets, bytes: [choice, 200, 0] + bytes)
  }

  private static func hex(_ text: String) -> [UInt8] { [UInt8](hex: text) }

  private static func frame(_ type: String) -> [UInt8] {
    hex("020000000b01 020000000a01 \(type)")
  }

  private static func ipv4(_ transport: String) -> [UInt8] {
    hex("45 00 00b4 0001 0000 40 \(transport) 0000 0a4d0001 0a4d0002")
  }

  /// With hop-by-hop options and a fragment header, in front of TCP.
  private static var ipv6: [UInt8] {
    hex(
      """
      60000000 0080 00 40 fd770000000000000000000000000001 fd770000000000000000000000000002
      2c00 050200000000  // a router alert
      0600 0001 00000007  // the first fragment
      """)
  }

  /// With all options that have a name.
  private static var segment: [UInt8] {
    hex(
      """
      a028 1f90 000003e8 00000000 f012 ffff 0000 0000
      020405b4 0402 080a0000006400000000 01 030307 050a 00000001 00000002 2202 1c040001 0000
      """)
  }

  private static func datagram(_ port: String) -> [UInt8] { hex("9c40 \(port) 00a0 0000") }
}
