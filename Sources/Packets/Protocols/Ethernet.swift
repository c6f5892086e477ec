internal import Bytes

/// The header of an Ethernet II frame (IEEE 802.3), without tags.
package struct EthernetHeader: Equatable, Sendable, BitwiseCopyable {
  package var destination: HardwareAddress
  package var source: HardwareAddress

  /// Bytes of it, with the type that follows the addresses.
  static let size = 14

  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    destination = try HardwareAddress(&reader)
    source = try HardwareAddress(&reader)
  }
}

/// An address of six bytes, as Ethernet has them.
package struct HardwareAddress: Hashable, Sendable, BitwiseCopyable {
  /// The six bytes as a big-endian number.
  package var value: UInt64

  /// An address from its number.
  package init(_ value: UInt64) { self.value = value }

  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    let high: UInt16 = try reader.read(.big)
    let low: UInt32 = try reader.read(.big)
    value = UInt64(high) << 32 | UInt64(low)
  }
}

extension TextBuffer {
  /// Appends a hardware address as ip(8) writes it: "02:00:00:00:0a:01".
  package mutating func append(_ address: HardwareAddress) {
    appendInPlace(atMost: 17) { room in
      for index in 0..<6 {
        let byte = UInt8(truncatingIfNeeded: address.value >> UInt64(8 * (5 - index)))
        room[3 * index] = Self.digit(byte >> 4)
        room[3 * index + 1] = Self.digit(byte & 0xF)
        if index < 5 { room[3 * index + 2] = UInt8(ascii: ":") }
      }
      return 17
    }
  }

  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble &+ (nibble < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
  }

  /// Appends "SOURCE > DESTINATION".
  mutating func append(_ header: EthernetHeader) {
    append(header.source)
    append(" > ")
    append(header.destination)
  }
}
