internal import Bytes
internal import DropModel

extension IPHeader {
  /// Reads the fixed header of IPv6 (RFC 8200); nil if it is another version.
  init?(v6 reader: inout ByteReader) throws(ByteReaderError) {
    let start: UInt32 = try reader.read(.big)
    let payload: UInt16 = try reader.read(.big)
    transport = try reader.read()
    timeToLive = try reader.read()
    source = IPAddress(v6: try reader.read(.big), try reader.read(.big))
    destination = IPAddress(v6: try reader.read(.big), try reader.read(.big))
    trafficClass = UInt8(truncatingIfNeeded: start >> 20)
    length = 40
    claimedLength = payload == 0 ? nil : 40 + Int(payload)
    isUnfragmentable = false
    fragment = nil
    guard start >> 28 == 6 else { return nil }
  }
}
