internal import Bytes
package import DropModel

/// A message of IGMP (RFC 2236, RFC 3376), without its checksum.
package struct IGMPHeader: Equatable, Sendable, BitwiseCopyable {
  package var type: UInt8
  /// The group that it is about; nil in reports of version 3, which may be about several.
  package var group: IPAddress?

  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    type = try reader.read()
    try reader.skip(3)
    let number: UInt32 = try reader.read(.big)
    group = type == 0x22 ? nil : IPAddress(v4: number)
  }

  /// What it says; nil for a type without a name here.
  var name: StaticString? {
    switch type {
    case 0x11: "query"
    case 0x12: "v1 report"
    case 0x16: "v2 report"
    case 0x17: "leave"
    case 0x22: "v3 report"
    default: nil
    }
  }
}

extension TextBuffer {
  /// Appends "v2 report 224.0.0.251".
  mutating func append(_ igmp: IGMPHeader) {
    if let name = igmp.name {
      append(name)
    } else {
      append("type ")
      append(decimal: igmp.type)
    }
    guard let group = igmp.group else { return }
    append(" ")
    append(group)
  }
}
