import Bytes
import Packets
import Testing

/// Packets of which only the first bytes were captured.
struct PrefixTests {
  /// Of packets that differ in their link headers only, those with the longest.
  private static let packets = CraftedPacket.all.filter { packet in
    !["ethernet ", "vlan "].contains { packet.name.hasPrefix($0) } && packet.linkType == .ethernet
  }

  @Test func `a shorter capture says less, and nothing else`() {
    for packet in Self.packets {
      var shorter = Dissection(packet.headers(captured: 0), in: [UInt8]().span.raw)
      for count in 1...packet.bytes.count {
        let bytes = packet.bytes.span.raw.extracting(first: count)
        let longer = Dissection(packet.headers(captured: count), in: bytes)
        // What IP carries stands behind headers that extend it.
        for (name, values) in shorter.fields where name != "ip.proto" {
          if longer.fields[name]?.starts(with: values) != true {
            Issue.record("\(packet), \(count) bytes: \(name)")
          }
        }
        shorter = longer
      }
    }
  }

  @Test func `headers that end early are marked`() {
    for packet in Self.packets {
      #expect(packet.headers().ending == .complete, "\(packet)")
      #expect(!packet.text().contains("[truncated]"), "\(packet): \(packet.text())")
      for count in 0..<packet.bytes.count {
        let headers = packet.headers(captured: count)
        let text = packet.text(captured: count)
        let isMarked = text.hasSuffix("[truncated]") || text.contains("[truncated]: ")
        guard headers.ending != .malformed, headers.ending == .complete || isMarked,
          text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
        else {
          Issue.record("\(packet), \(count) bytes: \(text)")
          return
        }
      }
    }
  }

  @Test func `what a header claims is told whatever was captured`() throws {
    let packet = try #require(
      CraftedPacket.all.first { $0.name == "ethernet IPv4 tcp 24 options 0 data 16" })
    let cut = packet.headers(captured: 14 + 20 + 20)
    #expect(cut.ending == .complete)
    #expect(cut.payloadLength == 16)
    #expect(cut.ip?.claimedLength == 56)
    #expect(cut.originalLength == 70)
    #expect(cut.missing == 0)
  }
}
