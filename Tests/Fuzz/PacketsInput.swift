internal import Bytes
internal import DropModel
internal import Packets

/// A dropped packet's bytes: its headers, those inside, and its text.
enum PacketsInput {
  /// The first byte says what they begin with, the next two how long the packet was.
  static func read(_ bytes: [UInt8]) {
    guard bytes.count > 3 else { return }
    let original = Int(bytes[1]) | Int(bytes[2]) << 8
    let whole = bytes.span.raw.extracting(3..<bytes.count)
    let part = whole.extracting(first: whole.byteCount / 2)
    let headers = decode(whole, bytes[0], original)
    let fewer = decode(part, bytes[0], original)
    check(headers, whole)
    check(fewer, part)
    // Where the kernel's offsets have to be checked, fewer bytes may mean another beginning.
    guard headers.start == fewer.start else { return }
    expect(fewer.ip?.source == nil || fewer.ip?.source == headers.ip?.source, "bytes say the same")
    expect(fewer.ports == nil || fewer.ports == headers.ports, "bytes say the same")
    expect(fewer.tcp == nil || fewer.tcp == headers.tcp, "bytes say the same")
  }

  private static func decode(_ bytes: RawSpan, _ choice: UInt8, _ original: Int) -> PacketHeaders {
    switch choice % 4 {
    case 0: PacketHeaders(bytes, originalLength: original)
    case 1: PacketHeaders(bytes, from: .network(ethertype: 0x0800), originalLength: original)
    case 2: PacketHeaders(bytes, from: .network(ethertype: 0x86DD), originalLength: original)
    default: PacketHeaders(packet(bytes, choice >> 2, original), bytes)
    }
  }

  /// What the kernel might say of a packet, six bits of it.
  private static func packet(_ bytes: RawSpan, _ choice: UInt8, _ original: Int) -> Packet {
    let types: [UInt16] = [0x0800, 0x86DD, 0, 0x8847]
    let transports: [UInt8] = [17, 6]
    let key = DropKey(
      site: 0, ethertype: types[Int(choice & 3)], transport: transports[Int(choice >> 2 & 1)],
      family: choice & 3 == 2 ? 2 : 0)
    return Packet(
      time: MonotonicTime(nanoseconds: 0), key: key, length: 0, originalLength: UInt32(original),
      segments: 1, ingressIndex: 0, owner: nil, hasLinkHeader: choice & 8 != 0,
      networkOffset: choice & 16 != 0 ? (choice & 8 != 0 ? 14 : 0) : nil,
      transportOffset: choice & 32 != 0 ? 20 : nil, bytes: 0..<bytes.byteCount, stack: 0..<0)
  }

  private static func check(_ headers: PacketHeaders, _ bytes: RawSpan) {
    var next: PacketHeaders? = headers
    var offset = -1
    var count = 0
    while let layer = next {
      let offsets = [layer.networkOffset, layer.transportOffset, layer.inner?.offset]
      for place in offsets.compactMap(\.self) {
        expect(place >= offset && place <= bytes.byteCount, "headers follow each other")
        offset = place
      }
      expect(layer.payloadLength ?? 0 >= 0 && layer.missing >= 0, "no length is negative")
      next = layer.inner(in: bytes)
      count += 1
    }
    expect(count <= 5, "packets inside packets come to an end")

    var text = TextBuffer()
    text.append(headers, in: bytes)
    expect(!text.isEmpty && text.count < 1 << 13, "a packet has a line of text")
    for index in 0..<text.count {
      expect((0x20..<0x7F).contains(text.span[index]), "it is one that a terminal can show")
    }
  }
}
