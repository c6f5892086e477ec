import Bytes
import DropLab
import Packets

/// A packet that our decoder has read, for tshark to read as well.
struct Dissected {
  let name: String
  /// From the first header that was decoded on.
  let bytes: [UInt8]
  let linkType: PcapWriter.LinkType
  /// What ours says.
  let ours: Dissection

  init(_ packet: CraftedPacket) {
    name = packet.name
    bytes = packet.bytes
    linkType = packet.linkType
    ours = Dissection(packet.headers(), in: packet.bytes.span.raw)
  }

  /// Nil if there is no link type for what its bytes begin with.
  init?(_ name: String, _ headers: PacketHeaders, _ bytes: [UInt8]) {
    self.name = name
    ours = Dissection(headers, in: bytes.span.raw)
    switch headers.start {
    case .ethernet:
      (self.bytes, linkType) = (bytes, .ethernet)
    case .network(0x0800), .network(0x86DD):
      guard let offset = headers.networkOffset else { return nil }
      (self.bytes, linkType) = (Array(bytes.dropFirst(offset)), .raw)
    case .network, .transport, .unknown: return nil
    }
  }

  /// A field that tshark reads differently.
  struct Difference: CustomStringConvertible {
    let packet: String
    let field: String
    let ours: [String]
    let theirs: [String]

    var description: String { "\(packet): \(field) \(ours), by tshark \(theirs)\n" }
  }

  /// All of them; a packet that tshark did not read at all is an error.
  static func differences(_ packets: [Dissected]) throws -> [Difference] {
    var differences: [Difference] = []
    for linkType in [PcapWriter.LinkType.ethernet, .raw] {
      let packets = packets.filter { $0.linkType == linkType }
      let theirs = try Dissection.byTshark(packets.map(\.bytes), linkType)
      guard theirs.count == packets.count else {
        throw LabError("tshark reads \(theirs.count) of \(packets.count) packets")
      }
      for (packet, their) in zip(packets, theirs) {
        for name in Dissection.names {
          let (our, their) = (packet.ours.fields[name] ?? [], their.fields[name] ?? [])
          guard our != their else { continue }
          differences.append(
            Difference(packet: packet.name, field: name, ours: our, theirs: their))
        }
      }
    }
    return differences
  }
}
