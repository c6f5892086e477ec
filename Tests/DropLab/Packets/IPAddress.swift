import Glibc

/// An IPv4 or IPv6 address in network order.
package struct IPAddress: Sendable, Hashable, ExpressibleByStringLiteral {
  /// Four or sixteen bytes.
  package let bytes: [UInt8]

  /// Parses the usual notation; a mistake in a literal is a programmer's error.
  package init(stringLiteral text: String) {
    let isLong = text.contains(":")
    var bytes = [UInt8](repeating: 0, count: isLong ? 16 : 4)
    let parsed = unsafe inet_pton(isLong ? AF_INET6 : AF_INET, text, &bytes)
    precondition(parsed == 1, "not an address: \(text)")
    self.bytes = bytes
  }

  /// Whether it is an IPv6 address.
  package var isIPv6: Bool { bytes.count == 16 }

  /// The address of `va` (namespace a).
  package static let a: IPAddress = "10.77.0.1"
  /// The address of `vb` or `tap0` (namespace b).
  package static let b: IPAddress = "10.77.0.2"
  /// The IPv6 address of `va`.
  package static let a6: IPAddress = "fd77::1"
  /// The IPv6 address of `vb` or `tap0`.
  package static let b6: IPAddress = "fd77::2"
  /// A host beyond the router of `Lab.router`.
  package static let far: IPAddress = "198.51.100.7"
  /// An IPv6 host beyond the router.
  package static let far6: IPAddress = "2001:db8:9::7"
}

/// An Ethernet hardware address.
package struct MACAddress: Sendable, Hashable, CustomStringConvertible {
  /// Six bytes.
  package let bytes: [UInt8]

  /// A locally administered address that ends in the two given bytes.
  package init(_ high: UInt8, _ low: UInt8) { bytes = [2, 0, 0, 0, high, low] }

  /// An address from its six bytes.
  package init(bytes: [UInt8]) {
    precondition(bytes.count == 6, "a hardware address has six bytes")
    self.bytes = bytes
  }

  /// The notation of `ip link`.
  package var description: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }

  /// The address of `va`.
  package static let a = MACAddress(0x0A, 1)
  /// The address of `vb` or `tap0`.
  package static let b = MACAddress(0x0B, 1)
  /// The address of `vd`, behind the router.
  package static let d = MACAddress(0x0D, 1)
  /// Nobody's address.
  package static let stranger = MACAddress(0x99, 0x99)
  /// The broadcast address.
  package static let broadcast = MACAddress(bytes: [UInt8](repeating: 0xFF, count: 6))
}
