import Bytes
import Packets
import Testing

/// Our decoder beside tshark's, on the same bytes.
struct TsharkTests {
  @Test(arguments: [PcapWriter.LinkType.ethernet, .raw])
  func `every crafted packet is decoded as tshark decodes it`(
    linkType: PcapWriter.LinkType
  ) throws {
    let packets = CraftedPacket.all.filter { $0.linkType == linkType }
    #expect(packets.count >= 200)
    let theirs = try Dissection.byTshark(packets.map(\.bytes), linkType)
    #expect(theirs.count == packets.count)
    for (packet, their) in zip(packets, theirs) {
      let our = Dissection(packet.headers(), in: packet.bytes.span.raw)
      for name in Dissection.names where our.fields[name] != their.fields[name] {
        Issue.record(
          "\(packet): \(name) \(our.fields[name] ?? []), by tshark \(their.fields[name] ?? [])")
      }
    }
  }
}
