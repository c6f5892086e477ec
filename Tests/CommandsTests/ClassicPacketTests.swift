import Bytes
import DropModel
import Export
import Testing

struct ClassicPacketTests {
  private func packet(
    symbol: String? = "udp_rcv", module: String? = nil, size: UInt64 = 0xb20,
    ingress: UInt32 = 1, nanoseconds: Int64 = 472_544_904, length: UInt32 = 142,
    truncation: UInt32 = 0, reason: String? = "NO_SOCKET"
  ) -> ClassicPacket {
    ClassicPacket(
      site: DropSite(
        address: 0xffff_ffff_9b62_198e, symbol: symbol, offset: 0x49e, size: size, module: module),
      ingressIndex: ingress, date: "Mon Nov 23 11:15:52 2026", nanoseconds: nanoseconds,
      ethertype: 0x800, originalLength: length, truncation: truncation, reason: reason)
  }

  private func block(_ packet: ClassicPacket) -> String {
    var text = TextBuffer()
    text.append(classic: packet)
    return text.text
  }

  @Test func `a block is the original's, byte by byte`() {
    #expect(
      block(packet()) == """
        drop at: udp_rcv+0x49e/0xb20 (0xffffffff9b62198e)
        origin: software
        input port ifindex: 1
        timestamp: Mon Nov 23 11:15:52 2026 472544904 nsec
        protocol: 0x800
        length: 142
        original length: 142
        drop reason: NO_SOCKET


        """)
  }

  @Test func `what is not known is left out`() {
    let text = block(packet(symbol: nil, ingress: 0, nanoseconds: 5, reason: nil))
    #expect(text.hasPrefix("drop at: 0xffffffff9b62198e (0xffffffff9b62198e)\norigin: software\nt"))
    #expect(text.contains(" 2026 000000005 nsec\n"))
    #expect(text.hasSuffix("original length: 142\n\n"))
    #expect(!block(packet(length: 0)).contains("length"))
  }

  @Test func `a module's function is named with its module, as the kernel does`() {
    let text = block(packet(symbol: "nft_do_chain", module: "nf_tables", size: 0))
    #expect(text.hasPrefix("drop at: nft_do_chain+0x49e [nf_tables] (0x"))
  }

  @Test(arguments: [(UInt32(0), UInt32(142)), (100, 100), (142, 142), (9000, 142)])
  func `the length is what truncation leaves`(truncation: UInt32, length: UInt32) {
    #expect(packet(truncation: truncation).length == length)
  }

  @Test func `a length that no netlink attribute holds is cut as NET_DM does`() {
    #expect(packet(length: 70_000).length == 65_527)
  }

  @Test func `a time is written as asctime does`() {
    #expect(WallTime(nanoseconds: 0).localDate.count == 24)
    let time = WallTime(nanoseconds: 1_793_700_952_000_000_000)
    #expect(time.localDate.hasSuffix(" \(time.localClock) 2026"))
    #expect(time.localDate.hasPrefix("Tue Nov  3 ") || time.localDate.hasPrefix("Mon Nov  2 "))
  }
}
