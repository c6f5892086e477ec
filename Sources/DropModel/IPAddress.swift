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
