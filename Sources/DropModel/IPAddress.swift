/// An IP address of either version, held in place: 16 bytes in network order.
///
/// Public, as what it is made by is inlined where headers are decoded (see `ByteReader`).
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
  /// The bytes 0 to 7 as a big-endian number; 0 for IPv4.
  public var high: UInt64
  /// The bytes 8 to 15 as a big-endian number; an IPv4 address is the lower half of it.
  public var low: UInt64
  public var isIPv6: Bool

  /// An IPv4 address as a big-endian number: 10.0.0.1 is 0x0A000001.
  @inlinable
  public init(v4 address: UInt32) {
    high = 0
    low = UInt64(address)
    isIPv6 = false
  }

  /// An IPv6 address in two halves.
  @inlinable
  public init(v6 high: UInt64, _ low: UInt64) {
    self.high = high
    self.low = low
    isIPv6 = true
  }
}

extension IPAddress {
  /// 4 or 16 bytes in network order; nil for any other number of them.
  package init?(_ bytes: [UInt8]) {
    func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
    switch bytes.count {
    case 4: self.init(v4: UInt32(truncatingIfNeeded: number(bytes[...])))
    case 16: self.init(v6: number(bytes[..<8]), number(bytes[8...]))
    default: return nil
    }
  }

  /// Its 4 or 16 bytes in network order.
  package var bytes: [UInt8] {
    func bytes(_ number: UInt64) -> [UInt8] {
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
    }
    return isIPv6 ? bytes(high) + bytes(low) : Array(bytes(low).dropFirst(4))
  }

  /// The IPv4 address that stands behind ::ffff:0:0/96 (RFC 4291 §2.5.5.2), else itself.
  package var unmapped: IPAddress {
    isIPv6 && high == 0 && low >> 32 == 0xFFFF
      ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : self
  }

  /// Whether it is this host's in every namespace, or everybody's on the link: 127.0.0.0/8, ::1,
  /// multicast, 255.255.255.255.
  package var isLocalAnywhere: Bool {
    if isIPv6 { return high >> 56 == 0xFF || high == 0 && low == 1 }
    return low >> 24 == 127 || low >> 28 == 0xE || low == 0xFFFF_FFFF
  }
}
