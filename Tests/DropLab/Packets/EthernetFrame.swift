/// An Ethernet II frame, with VLAN tags if wanted.
package struct EthernetFrame: Sendable {
  /// The destination.
  package var destination: MACAddress
  /// The source.
  package var source: MACAddress
  /// VLAN identifiers, the outermost first; each becomes an 802.1Q tag.
  package var vlans: [UInt16] = []
  /// The type of the payload, behind the tags.
  package var ethertype: UInt16
  /// All behind the header.
  package var payload: [UInt8]

  /// A frame from va to vb unless said otherwise; the type follows from the payload's IP version.
  package init(
    _ payload: [UInt8], to destination: MACAddress = .b, from source: MACAddress = .a,
    vlans: [UInt16] = [], ethertype: UInt16? = nil
  ) {
    self.destination = destination
    self.source = source
    self.vlans = vlans
    self.ethertype = ethertype ?? (payload.first.map { $0 >> 4 } == 6 ? 0x86DD : 0x0800)
    self.payload = payload
  }

  /// The frame as it goes over the wire, without padding and check sequence.
  package var bytes: [UInt8] {
    var frame = ByteBuilder()
    frame.add(destination.bytes)
    frame.add(source.bytes)
    for vlan in vlans {
      frame.add(UInt16(0x8100))
      frame.add(vlan)
    }
    frame.add(ethertype)
    frame.add(payload)
    return frame.bytes
  }
}
