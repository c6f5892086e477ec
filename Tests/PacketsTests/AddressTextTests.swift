import Bytes
import DropModel
import Glibc
import Packets
import Testing

/// Addresses as text, beside the C library's.
struct AddressTextTests {
  @Test func `an IPv4 address is written as inet_ntop does it`() {
    for byte in UInt32(0)...255 {
      let address = byte << 24 | (255 - byte) << 16 | byte << 8 | byte ^ 0x55
      #expect(text(IPAddress(v4: address)) == reference(words(address), AF_INET))
    }
  }

  /// Every pattern of zero groups, each of the others with one to four digits.
  @Test func `an IPv6 address is written as inet_ntop does it`() {
    let groups: [UInt64] = [0x1, 0x20, 0x300, 0xABCD, 0x2001, 0xDB8, 0xF, 0xFFFF]
    for pattern in 0..<256 {
      let values = groups.indices.map { pattern >> $0 & 1 == 1 ? groups[$0] : 0 }
      let high = values[0] << 48 | values[1] << 32 | values[2] << 16 | values[3]
      let low = values[4] << 48 | values[5] << 32 | values[6] << 16 | values[7]
      // There inet_ntop writes the deprecated ::10.0.0.1 (RFC 4291, section 2.5.5.1).
      if high == 0, low >> 32 == 0, low > 0xFFFF { continue }
      let bytes = [high >> 32, high, low >> 32, low].flatMap {
        words(UInt32(truncatingIfNeeded: $0))
      }
      #expect(text(IPAddress(v6: high, low)) == reference(bytes, AF_INET6))
    }
  }

  @Test(arguments: [
    (IPAddress(v4: 0x0A00_0001), "10.0.0.1:53"),
    (IPAddress(v6: 0x2001_0DB8_0000_0000, 1), "[2001:db8::1]:53"),
    (IPAddress(v6: 0, 0x0000_FFFF_0A00_0001), "[::ffff:10.0.0.1]:53"),
    (IPAddress(v6: 0, 0), "[::]:53"),
  ])
  func `an address has its port behind a colon`(address: IPAddress, expected: String) {
    var buffer = TextBuffer(capacity: 64)
    buffer.append(address, port: 53)
    #expect(buffer.text == expected)
  }

  private func text(_ address: IPAddress) -> String {
    var buffer = TextBuffer(capacity: 64)
    buffer.append(address)
    return buffer.text
  }

  private func words(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }

  private func reference(_ bytes: [UInt8], _ family: CInt) -> String {
    var text = [CChar](repeating: 0, count: 64)
    guard unsafe inet_ntop(family, bytes, &text, 64) != nil else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
