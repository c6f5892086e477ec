internal import Bytes

/// The ports of TCP, UDP or SCTP.
package struct Ports: Equatable, Sendable, BitwiseCopyable {
  package var source: UInt16
  package var destination: UInt16

  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    source = try reader.read(.big)
    destination = try reader.read(.big)
  }
}

/// The header of a UDP datagram (RFC 768), without ports and checksum.
package struct UDPHeader: Equatable, Sendable, BitwiseCopyable {
  /// Bytes of header and data, as it has them; nil where it says 0, as a jumbogram may.
  package var claimedLength: Int?

  /// Reads what follows the ports.
  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    let length: UInt16 = try reader.read(.big)
    claimedLength = length == 0 ? nil : Int(length)
    try reader.skip(2)
  }

  /// Bytes of the header.
  static let size = 8
}
