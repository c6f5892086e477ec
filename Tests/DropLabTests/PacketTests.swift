import Testing

@testable import DropLab

struct PacketTests {
  /// Bytes from RFC 1071, section 3: their sum is ddf2.
  @Test func `the checksum is that of RFC 1071`() {
    #expect(InternetChecksum.over([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]) == ~0xDDF2)
  }

  @Test func `an odd last byte counts as if a zero followed`() {
    #expect(InternetChecksum.over([0x12]) == InternetChecksum.over([0x12, 0x00]))
  }

  @Test func `a right header sums to zero`() {
    let packet = IPv4Packet(17, []) { $0.options = [7, 4, 4, 0] }
    #expect(InternetChecksum.over(packet.bytes) == 0)
    #expect(packet.bytes[0] == 0x46)
  }

  @Test(arguments: [(IPAddress.a, IPAddress.b), (.a6, .b6)])
  func `a right datagram sums to zero with its pseudo header`(
    source: IPAddress, destination: IPAddress
  ) {
    let bytes = UDPDatagram([1, 2, 3], from: source, to: destination).bytes
    let pseudo = InternetChecksum.pseudoHeader(
      source, destination, transport: 17, length: bytes.count)
    #expect(InternetChecksum.over(pseudo, bytes) == 0)
  }

  @Test func `a right segment sums to zero and pads its options`() {
    let bytes = TCPSegment([.syn, .ack]) { $0.options = [2, 4, 5, 0xB4, 3] }.bytes
    let pseudo = InternetChecksum.pseudoHeader(.a, .b, transport: 6, length: bytes.count)
    #expect(InternetChecksum.over(pseudo, bytes) == 0)
    #expect(bytes.count == 28)
    #expect(bytes[12] == 7 << 4)
    #expect(bytes[13] == 0x12)
  }

  @Test func `a frame carries its tags before its type`() {
    let frame = EthernetFrame([0x45], vlans: [5]).bytes
    #expect(
      frame == [2, 0, 0, 0, 0x0B, 1, 2, 0, 0, 0, 0x0A, 1, 0x81, 0, 0, 5, 8, 0, 0x45])
  }

  @Test func `a fragment's offset is in units of eight bytes`() {
    let packet = IPv4Packet(17, []) {
      $0.fragmentOffset = 64
      $0.moreFragments = true
    }
    #expect(Array(packet.bytes[6...7]) == [0x20, 8])
  }

  @Test func `an options header fills whole units of eight bytes`() {
    #expect(IPv6Packet.options(next: 17, [5, 2, 0, 0, 1]) == [17, 0, 5, 2, 0, 0, 1, 0])
    #expect(IPv6Packet.options(next: 17, [UInt8](repeating: 1, count: 7))[1] == 1)
  }
}
