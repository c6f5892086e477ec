internal import Bytes

/// The header of Geneve (RFC 8926).
struct GeneveHeader {
  /// What it carries; an ethertype.
  let ethertype: UInt16
  /// 24 bits.
  let network: UInt32

  /// The UDP port of IANA's that datagrams with it are sent to.
  static let port: UInt16 = 6081

  /// Reads it with its options.
  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    let start: UInt8 = try reader.read()
    try reader.skip(1)
    ethertype = try reader.read(.big)
    let word: UInt32 = try reader.read(.big)
    network = word >> 8
    try reader.skip(Int(start & 0x3F) * 4)
  }
}
