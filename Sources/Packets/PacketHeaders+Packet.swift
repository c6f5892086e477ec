internal import Bytes
package import DropModel

extension PacketHeaders {
  /// Decodes a dropped packet; `bytes` are its bytes in the batch's storage.
  ///
  /// Where a packet was in the middle of being built or taken apart, the kernel's offsets may be
  /// left over or not yet set. Each is believed only as far as the bytes agree with it.
  package init(_ packet: Packet, _ bytes: RawSpan) {
    let (start, offset) = Self.start(of: packet, bytes)
    self.init(bytes, from: start, at: offset, originalLength: Int(packet.originalLength))
  }

  private static func start(of packet: Packet, _ bytes: RawSpan) -> (Start, Int) {
    let key = packet.key
    if packet.hasLinkHeader || (packet.networkOffset ?? 0) >= EthernetHeader.size {
      if isEthernet(bytes, announcing: key.ethertype, packet) { return (.ethernet, 0) }
      // GRE takes the outer IP header for a link header (skb_pop_mac_header()).
      if let ethertype = tunnelledIP(bytes) { return (.network(ethertype: ethertype), 0) }
    }
    if let offset = packet.networkOffset,
      let ethertype = networkType(bytes, at: offset, key)
    {
      return (.network(ethertype: ethertype), offset)
    }
    if let offset = packet.transportOffset, hasPorts(bytes, at: offset, key.transport) {
      return (.transport(key.transport), offset)
    }
    return (
      .unknown(ethertype: key.ethertype, family: key.family, transport: key.transport), 0
    )
  }

  /// Whether bytes begin with an Ethernet header that leads to a known ethertype, perhaps over
  /// tags; or may do so, if they are too short to tell.
  private static func isEthernet(
    _ bytes: RawSpan, announcing ethertype: UInt16, _ packet: Packet
  ) -> Bool {
    guard bytes.byteCount >= EthernetHeader.size else { return packet.hasLinkHeader }
    var offset = EthernetHeader.size - 2
    // As many tags as are decoded, and the type behind them.
    for _ in 0..<3 {
      guard let type = number(bytes, at: offset) else { return true }
      // Below 0x600 it is a length, for which the kernel has numbers of its own.
      if type == ethertype || (type < 0x600 && ethertype < 0x600 && ethertype > 0) { return true }
      if ethertype == 0, packet.networkOffset == offset + 2 { return true }
      guard VLANTag.isTag(type) else { return false }
      offset += 4
    }
    return false
  }

  /// The ethertype of an IP header that bytes begin with, if it carries another packet.
  private static func tunnelledIP(_ bytes: RawSpan) -> UInt16? {
    let reader = ByteReader(bytes)
    switch reader.next.map({ $0 >> 4 }) {
    case 4: return isTunnel(bytes, transportAt: 9) ? 0x0800 : nil
    case 6: return isTunnel(bytes, transportAt: 6) ? 0x86DD : nil
    default: return nil
    }
  }

  private static func isTunnel(_ bytes: RawSpan, transportAt offset: Int) -> Bool {
    byte(bytes, at: offset).map { [4, 41, 47].contains($0) } ?? false
  }

  /// The ethertype of what begins at `offset`; nil if it is IP's and no such header is there.
  private static func networkType(_ bytes: RawSpan, at offset: Int, _ key: DropKey) -> UInt16? {
    let version = byte(bytes, at: offset).map { $0 >> 4 }
    switch (key.ethertype, version) {
    case (0x0800, 4), (0x86DD, 6): return key.ethertype
    case (0x0800, _), (0x86DD, _): return nil
    case (0, _):
      // On local output the type is set only after the header; the socket is one of IP's then.
      guard key.family == 2 || key.family == 10 else { return nil }
      return version == 4 ? 0x0800 : version == 6 ? 0x86DD : nil
    default: return key.ethertype
    }
  }

  /// Whether a protocol's header may begin at `offset`: one that has ports has them filled in.
  private static func hasPorts(_ bytes: RawSpan, at offset: Int, _ transport: UInt8) -> Bool {
    switch transport {
    case DropKey.noTransport: return false
    case 6, 17, 132:
      guard let source = number(bytes, at: offset) else { return false }
      guard let destination = number(bytes, at: offset + 2) else { return false }
      return source != 0 && destination != 0
    default: return offset < bytes.byteCount
    }
  }

  private static func byte(_ bytes: RawSpan, at offset: Int) -> UInt8? {
    var reader = ByteReader(bytes)
    return (try? reader.seek(to: offset)) == nil ? nil : reader.next
  }

  private static func number(_ bytes: RawSpan, at offset: Int) -> UInt16? {
    var reader = ByteReader(bytes)
    return (try? reader.seek(to: offset)) == nil ? nil : try? reader.read(.big)
  }
}
