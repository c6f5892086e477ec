import Diagnosis
import DropModel
import Testing

struct AddressPrefixTests {
  private func v4(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> IPAddress {
    IPAddress(v4: a << 24 | b << 16 | c << 8 | d)
  }

  private func prefix(_ addresses: IPAddress...) -> AddressPrefix {
    addresses.dropFirst().reduce(into: AddressPrefix(addresses[0])) { $0.include($1) }
  }

  @Test func `one address is itself, however often`() {
    #expect(prefix(v4(10, 0, 0, 1), v4(10, 0, 0, 1)).label == "10.0.0.1")
    let six = IPAddress(v6: 0x2001_0DB8_0000_0000, 1)
    #expect(prefix(six, six).label == "2001:db8::1")
  }

  @Test func `several have their longest common prefix`() {
    #expect(prefix(v4(10, 0, 0, 2), v4(10, 0, 0, 3)).label == "10.0.0.2/31")
    #expect(prefix(v4(10, 1, 2, 3), v4(10, 200, 0, 9), v4(10, 1, 2, 3)).label == "10.0.0.0/8")
    let six = prefix(
      IPAddress(v6: 0xFD77_0000_0000_0000, 1), IPAddress(v6: 0xFD77_0000_0000_0000, 1 << 63))
    #expect(six.label == "fd77::/64")
    #expect(
      prefix(IPAddress(v6: 0xFD77_0000_0000_0000, 1), IPAddress(v6: 0xFD77_8000_0000_0000, 1))
        .label == "fd77::/16")
  }

  @Test func `a prefix that says nothing says so`() {
    #expect(prefix(v4(10, 0, 0, 1), v4(192, 0, 2, 1)).label == "many networks")
    #expect(prefix(v4(0, 0, 0, 1), v4(255, 0, 0, 1)).length == 0)
    let six = prefix(IPAddress(v6: 0, 1), IPAddress(v6: 1 << 63, 1))
    #expect(six.length == 0)
    #expect(six.address == IPAddress(v6: 0, 0))
  }
}
