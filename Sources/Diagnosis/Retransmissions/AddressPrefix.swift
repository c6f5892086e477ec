internal import Bytes
package import DropModel
internal import Packets

/// The longest prefix that some addresses of one family have in common.
package struct AddressPrefix: Hashable, Sendable {
  /// With zeros behind the prefix.
  package private(set) var address: IPAddress
  /// In bits: up to 32 for IPv4, 128 for IPv6.
  package private(set) var length: Int

  /// The prefix of one address: itself.
  package init(_ address: IPAddress) {
    self.address = address
    length = address.isIPv6 ? 128 : 32
  }

  /// Shortens it until it holds another address, which must be of the same family.
  package mutating func include(_ other: IPAddress) {
    precondition(other.isIPv6 == address.isIPv6, "addresses of two families have no common prefix")
    if address.isIPv6 {
      let common = (address.high ^ other.high).leadingZeroBitCount
      let whole = common < 64 ? common : 64 + (address.low ^ other.low).leadingZeroBitCount
      length = min(length, whole)
      address = IPAddress(
        v6: address.high & Self.mask(min(length, 64)), address.low & Self.mask(max(length - 64, 0)))
    } else {
      length = min(length, (address.low ^ other.low).leadingZeroBitCount - 32)
      address = IPAddress(
        v4: UInt32(truncatingIfNeeded: address.low & Self.mask(32 + length)))
    }
  }

  /// Whether it says where: addresses with less than this in common are spread over the world.
  package var isTelling: Bool { length >= (address.isIPv6 ? 16 : 8) }

  /// "10.0.0.0/8", "10.0.0.1" for a single address, "many networks" if it says nothing.
  package var label: String {
    guard isTelling else { return "many networks" }
    var text = TextBuffer(capacity: 48)
    text.append(address)
    if length < (address.isIPv6 ? 128 : 32) { text.append("/\(length)") }
    return text.text
  }

  /// So many ones from the left, the rest zeros.
  private static func mask(_ ones: Int) -> UInt64 { ones == 0 ? 0 : ~0 << UInt64(64 - ones) }
}
