internal import Bytes

/// The header of ESP (RFC 4303): what follows it is encrypted.
enum ESP {
  /// The UDP port that carries it through address translation (RFC 3948), beside IKE.
  static let port: UInt16 = 4500

  /// Reads it.
  static func read(_ reader: inout ByteReader) throws(ByteReaderError) -> Tunnel {
    .esp(index: try reader.read(.big), sequence: try reader.read(.big))
  }

  /// Reads it from a datagram; nil if that is IKE, which begins with four zeros, or one byte that
  /// only keeps the translation alive.
  static func readDatagram(
    _ reader: inout ByteReader, length: Int
  ) throws(ByteReaderError) -> Tunnel? {
    guard length > 4 else { return nil }
    let index: UInt32 = try reader.read(.big)
    guard index != 0 else { return nil }
    return .esp(index: index, sequence: try reader.read(.big))
  }
}
