internal import Bytes

/// The header of a TCP segment (RFC 9293), without ports, checksum and urgent pointer.
///
/// Options are told in the packet's text.
package struct TCPHeader: Equatable, Sendable, BitwiseCopyable {
  package var sequence: UInt32
  /// Means something only with the flag ACK.
  package var acknowledgment: UInt32
  /// Bytes of the header, as it has them, with options.
  package var length: Int
  package var flags: TCPFlags
  /// As it stands there, not scaled.
  package var window: UInt16

  /// Reads what follows the ports.
  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    sequence = try reader.read(.big)
    acknowledgment = try reader.read(.big)
    let bits: UInt16 = try reader.read(.big)
    length = Int(bits >> 12) &* 4
    flags = TCPFlags(rawValue: bits & 0xFFF)
    window = try reader.read(.big)
  }

  /// Bytes of the header without options.
  static let size = 20
}

/// The control bits of a segment: the lower twelve of the word that begins with the data offset.
package struct TCPFlags: OptionSet, Sendable, BitwiseCopyable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static var acknowledgment: TCPFlags { TCPFlags(rawValue: 0x10) }

  /// Those with a letter; the others are reserved.
  fileprivate static var told: TCPFlags { TCPFlags(rawValue: 0x1FF) }

  /// FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE: from the lowest bit upwards.
  fileprivate static var letters: InlineArray<9, UInt8> {
    [
      UInt8(ascii: "F"), UInt8(ascii: "S"), UInt8(ascii: "R"), UInt8(ascii: "P"),
      UInt8(ascii: "."), UInt8(ascii: "U"), UInt8(ascii: "E"), UInt8(ascii: "W"),
      UInt8(ascii: "e"),
    ]
  }
}

extension TextBuffer {
  /// Appends tcpdump's letters in tcpdump's order: "S", "S.", "P.", "none"; `e` is accurate ECN.
  package mutating func append(_ flags: TCPFlags) {
    guard !flags.isDisjoint(with: .told) else { return append("none") }
    appendInPlace(atMost: TCPFlags.letters.count) { room in
      var written = 0
      for bit in TCPFlags.letters.indices where flags.rawValue >> UInt16(bit) & 1 == 1 {
        room[written] = TCPFlags.letters[bit]
        written &+= 1
      }
      return written
    }
  }

  /// Appends "[S] seq 1 win 64240 options [mss 1460,nop,wscale 7]", of a segment that begins at
  /// `offset`.
  mutating func append(_ tcp: TCPHeader, at offset: Int, in bytes: RawSpan) {
    append("[")
    append(tcp.flags)
    append("] seq ")
    append(decimal: tcp.sequence)
    if tcp.flags.contains(.acknowledgment) {
      append(" ack ")
      append(decimal: tcp.acknowledgment)
    }
    append(" win ")
    append(decimal: tcp.window)
    guard tcp.length > TCPHeader.size else { return }
    let start = min(offset + TCPHeader.size, bytes.byteCount)
    append(" options [")
    append(tcpOptions: bytes.extracting(start..<min(offset + tcp.length, bytes.byteCount)))
    append("]")
  }
}
