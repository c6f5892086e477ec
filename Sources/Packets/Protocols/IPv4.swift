internal import Bytes
internal import DropModel

extension IPHeader {
  /// Reads the header of IPv4 up to its options (RFC 791); nil if it is another version.
  init?(v4 reader: inout ByteReader) throws(ByteReaderError) {
    let start: UInt8 = try reader.read()
    trafficClass = try reader.read()
    let total: UInt16 = try reader.read(.big)
    let identification: UInt16 = try reader.read(.big)
    let place: UInt16 = try reader.read(.big)
    timeToLive = try reader.read()
    transport = try reader.read()
    try reader.skip(2)
    source = IPAddress(v4: try reader.read(.big))
    destination = IPAddress(v4: try reader.read(.big))
    length = Int(start & 0xF) &* 4
    claimedLength = total == 0 ? nil : Int(total)
    isUnfragmentable = place & 0x4000 != 0
    fragment =
      place & 0x3FFF == 0
      ? nil
      : Fragment(
        identification: UInt32(identification), offset: Int(place & 0x1FFF) &* 8,
        hasMore: place & 0x2000 != 0)
    guard start >> 4 == 4 else { return nil }
  }
}
