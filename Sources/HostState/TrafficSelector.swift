internal import Bytes
package import DropModel
internal import Glibc
internal import Packets

/// The packets that IPsec means: `struct xfrm_selector` in linux/xfrm.h.
package struct TrafficSelector: Equatable, Sendable {
  package var source: IPAddress
  package var sourcePrefix: UInt8
  package var destination: IPAddress
  package var destinationPrefix: UInt8

  /// "10.0.0.1/32 > 10.0.1.0/24".
  package var text: String {
    "\(source.text)/\(sourcePrefix) > \(destination.text)/\(destinationPrefix)"
  }

  /// Whether a packet's addresses are meant; its ports are not looked at.
  package func covers(from source: IPAddress, to destination: IPAddress) -> Bool {
    // A selector of no family means both.
    source.isIn(self.source, prefixLength: sourcePrefix)
      && destination.isIn(self.destination, prefixLength: destinationPrefix)
  }

  /// Reads all 56 bytes.
  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    var addresses = try reader.readReader(32)
    // Ports and their masks.
    try reader.skip(8)
    let isIPv6 = try reader.read(UInt16.self, .host) == UInt16(AF_INET6)
    destinationPrefix = try reader.read(UInt8.self)
    sourcePrefix = try reader.read(UInt8.self)
    // Protocol, padding, device and user.
    try reader.skip(12)
    destination = try addresses.readAddress(isIPv6)
    source = try addresses.readAddress(isIPv6)
  }
}

extension ByteReader {
  /// Reads an `xfrm_address_t`: 16 bytes, of which IPv4 uses the first four.
  mutating func readAddress(_ isIPv6: Bool) throws(ByteReaderError) -> IPAddress {
    let (high, low) = (try read(UInt64.self, .big), try read(UInt64.self, .big))
    return isIPv6
      ? IPAddress(v6: high, low) : IPAddress(v4: UInt32(truncatingIfNeeded: high >> 32))
  }
}

extension IPAddress {
  /// Whether it lies in a network of the same version.
  package func isIn(_ network: IPAddress, prefixLength: UInt8) -> Bool {
    guard isIPv6 == network.isIPv6 else { return false }
    let width = isIPv6 ? 128 : 32
    let length = min(Int(prefixLength), width) + (128 - width)
    // An IPv4 address is the last 32 bits.
    let highBits = min(length, 64)
    let high = (self.high ^ network.high) >> UInt64(64 - highBits)
    let low = (self.low ^ network.low) >> UInt64(64 - (length - highBits))
    return high == 0 && low == 0
  }
}
