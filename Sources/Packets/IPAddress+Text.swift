package import DropModel
internal import Glibc

extension IPAddress {
  /// An address as it is written: "10.0.0.1", "fe80::1"; nil for anything else (inet_pton(3)).
  package init?(text: String) {
    let isIPv6 = text.contains(":")
    var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
    // Safe: the array has the 4 or 16 bytes that the family takes.
    guard unsafe inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else { return nil }
    self.init(bytes)
  }
}
