internal import DropModel

/// IP addresses of one version that follow one another.
struct AddressRange: Equatable, Sendable {
  var first: IPAddress
  var last: IPAddress

  /// nil if the ends do not fit.
  init?(_ first: IPAddress, _ last: IPAddress) {
    guard first.isIPv6 == last.isIPv6,
      (first.high, first.low) <= (last.high, last.low)
    else { return nil }
    self.first = first
    self.last = last
  }

  /// A network; nil if no address has so many bits.
  init?(_ address: IPAddress, prefixLength: UInt64) {
    guard prefixLength <= (address.isIPv6 ? 128 : 32) else { return nil }
    // An IPv4 address is the lowest 32 bits.
    let bits = address.isIPv6 ? prefixLength : prefixLength + 96
    let high = UInt64.max >> bits
    let low = bits <= 64 ? UInt64.max : UInt64.max >> (bits - 64)
    var (first, last) = (address, address)
    first.low &= ~low
    last.low |= address.isIPv6 ? low : low & 0xFFFF_FFFF
    if address.isIPv6 {
      first.high &= ~high
      last.high |= high
    }
    self.init(first, last)
  }

  func contains(_ address: IPAddress) -> Bool {
    address.isIPv6 == first.isIPv6
      && (first.high, first.low) <= (address.high, address.low)
      && (address.high, address.low) <= (last.high, last.low)
  }
}
