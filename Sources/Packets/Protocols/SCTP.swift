internal import Bytes

/// The common header of an SCTP packet (RFC 9260) and the type of its first chunk, without ports and
/// checksum.
package struct SCTPHeader: Equatable, Sendable, BitwiseCopyable {
  package var verificationTag: UInt32
  package var firstChunk: UInt8

  /// Reads what follows the ports.
  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    verificationTag = try reader.read(.big)
    try reader.skip(4)
    firstChunk = try reader.read()
  }

  /// Bytes of the common header, ports included.
  static let size = 12

  /// What the first chunk is; nil for one without a name here.
  var chunkName: StaticString? {
    switch firstChunk {
    case 0: "DATA"
    case 1: "INIT"
    case 2: "INIT ACK"
    case 3: "SACK"
    case 4: "HB REQ"
    case 5: "HB ACK"
    case 6: "ABORT"
    case 7: "SHUTDOWN"
    case 8: "SHUTDOWN ACK"
    case 9: "ERROR"
    case 10: "COOKIE ECHO"
    case 11: "COOKIE ACK"
    case 14: "SHUTDOWN COMPLETE"
    case 64: "I-DATA"
    default: nil
    }
  }
}

extension TextBuffer {
  /// Appends "[INIT]".
  mutating func append(_ sctp: SCTPHeader) {
    append("[")
    if let name = sctp.chunkName {
      append(name)
    } else {
      append("chunk ")
      append(decimal: sctp.firstChunk)
    }
    append("]")
  }
}
