internal import Bytes
package import DropModel

/// A message of ICMP (RFC 792) or ICMPv6 (RFC 4443, RFC 4861), without its checksum.
package struct ICMPHeader: Equatable, Sendable, BitwiseCopyable {
  package var type: UInt8
  package var code: UInt8
  package var isIPv6: Bool
  /// The four bytes whose meaning depends on the type; nil if they are not there.
  package var rest: UInt32?
  /// The address that a neighbour is asked or told of, or that a redirect leads to; nil if it has
  /// none.
  package var target: IPAddress?

  /// Reads type, code and checksum.
  init(_ reader: inout ByteReader, isIPv6: Bool) throws(ByteReaderError) {
    type = try reader.read()
    code = try reader.read()
    try reader.skip(2)
    self.isIPv6 = isIPv6
  }

  /// Reads what depends on the type, and stops where a quoted packet begins.
  mutating func readRest(_ reader: inout ByteReader) throws(ByteReaderError) {
    let number: UInt32 = try reader.read(.big)
    rest = number
    if isIPv6, (135...137).contains(type) {
      target = IPAddress(v6: try reader.read(.big), try reader.read(.big))
    } else if !isIPv6, type == 5 {
      target = IPAddress(v4: number)
    }
  }

  /// Whether it begins a packet of its own behind eight bytes: the one it is about.
  package var quotes: Bool {
    isIPv6 ? (1...4).contains(type) : [3, 4, 5, 11, 12].contains(type)
  }

  /// By which an answer finds its question; nil if it is neither.
  package var identifier: UInt16? {
    isEcho ? rest.map { UInt16(truncatingIfNeeded: $0 >> 16) } : nil
  }

  /// The number of a question among those with the same ``identifier``; nil if it is none.
  package var sequence: UInt16? {
    isEcho ? rest.map { UInt16(truncatingIfNeeded: $0) } : nil
  }

  /// Echo, timestamp, information and address mask, asked or answered.
  private var isEcho: Bool {
    isIPv6 ? type == 128 || type == 129 : [0, 8, 13, 14, 15, 16, 17, 18].contains(type)
  }
}

extension TextBuffer {
  /// Appends what the message says: "echo request id 5 seq 1", "port unreachable".
  mutating func append(_ icmp: ICMPHeader) {
    if let name = icmp.name {
      append(name)
    } else {
      append("type ")
      append(decimal: icmp.type)
      append(" code ")
      append(decimal: icmp.code)
    }
    if let identifier = icmp.identifier, let sequence = icmp.sequence {
      append(" id ")
      append(decimal: identifier)
      append(" seq ")
      append(decimal: sequence)
    }
    if let size = icmp.largestPacket {
      append(" mtu ")
      append(decimal: size)
    }
    guard let target = icmp.target else { return }
    append(icmp.targetWord)
    append(target)
  }
}
