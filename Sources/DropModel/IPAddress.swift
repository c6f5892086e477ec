/// An IP address of either version, held in place: 16 bytes in network order.
package struct IPAddress: Hashable, Sendable, BitwiseCopyable {
  /// The bytes 0 to 7 as a big-endian number; 0 for IPv4.
  package var high: UInt64
  /// The bytes 8 to 15 as a big-endian number; an IPv4 address is the lower half of it.
  package var low: UInt64
  package var isIPv6: Bool

  /// An IPv4 address as a big-endian number: 10.0.0.1 is 0x0A000001.
  @inlinable
  package init(v4 address: UInt32) {
    high = 0
    low = UInt64(address)
    isIPv6 = false
  }

  /// An IPv6 address in two halves.
  @inlinable
  package init(v6 high: UInt64, _ low: UInt64) {
    self.high = high
    self.low = low
    isIPv6 = true
  }
}
