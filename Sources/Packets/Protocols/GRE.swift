internal import Bytes

/// The header of GRE (RFC 2784, RFC 2890), or of PPTP's version of it (RFC 2637).
struct GREHeader {
  /// What it carries; an ethertype.
  let ethertype: UInt16
  /// Nil if it has none.
  let key: UInt32?
  /// Whether it ends where the payload begins: not if it has a route to the target (RFC 1701).
  let isWhole: Bool

  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    let flags: UInt16 = try reader.read(.big)
    ethertype = try reader.read(.big)
    let hasRoute = flags & 0x4000 != 0
    if flags & 0x8000 != 0 || hasRoute { try reader.skip(4) }
    key = flags & 0x2000 != 0 ? try reader.read(.big) : nil
    if flags & 0x1000 != 0 { try reader.skip(4) }
    // Version 1 may acknowledge.
    if flags & 7 == 1, flags & 0x80 != 0 { try reader.skip(4) }
    isWhole = !hasRoute
  }
}
