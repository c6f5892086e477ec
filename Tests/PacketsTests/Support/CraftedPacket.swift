import Bytes
import Packets

/// A packet made for a test, under a name.
struct CraftedPacket: Sendable, CustomStringConvertible {
  let name: String
  /// As it would be on the wire, without padding.
  let bytes: [UInt8]
  var linkType = PcapWriter.LinkType.ethernet

  var description: String { name }

  /// What decoding begins with.
  var start: PacketHeaders.Start {
    switch linkType {
    case .raw: .network(ethertype: bytes.first.map { $0 >> 4 } == 6 ? 0x86DD : 0x0800)
    default: .ethernet
    }
  }

  /// Its headers, if only so many bytes were captured.
  func headers(captured: Int? = nil) -> PacketHeaders {
    PacketHeaders(
      bytes.span.raw.extracting(first: captured ?? bytes.count), from: start,
      originalLength: bytes.count)
  }

  /// Its text, if only so many bytes were captured.
  func text(captured: Int? = nil) -> String {
    Self.text(headers(captured: captured), Array(bytes.prefix(captured ?? bytes.count)))
  }

  /// The text of headers that these bytes begin with.
  static func text(_ headers: PacketHeaders, _ bytes: [UInt8]) -> String {
    var text = TextBuffer(capacity: 256)
    text.append(headers, in: bytes.span.raw)
    return text.text
  }

  /// The same behind other link headers.
  func behind(_ link: [UInt8], _ name: String) -> CraftedPacket {
    CraftedPacket(name: "\(name)\(self.name)", bytes: link + bytes, linkType: .ethernet)
  }
}

extension [UInt8] {
  /// Numbers in network byte order.
  static func words16(_ values: UInt16...) -> [UInt8] {
    values.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
  }

  /// Numbers in network byte order.
  static func words32(_ values: UInt32...) -> [UInt8] {
    values.flatMap { words16(UInt16($0 >> 16), UInt16(truncatingIfNeeded: $0)) }
  }
}
