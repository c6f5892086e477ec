import NetlinkLab
import Testing

@testable import Netlink

/// Headers, and several messages in one datagram.
struct MessageTests {
  /// An empty message of 16 bytes, and one of 17 whose padding follows.
  private static let two = [UInt8](
    hex: """
      10000000 1000 0200 07000000 8c000000  // length, type, flags, sequence, port
      11000000 2000 0001 08000000 8d000000 ff 000000
      """)

  @Test func `every field of a header is where linux/netlink.h has it`() throws {
    #expect(
      try Decoded.headers(Self.two) == [
        MessageHeader(length: 16, type: 16, flags: 2, sequence: 7, port: 140),
        MessageHeader(length: 17, type: 32, flags: 0x100, sequence: 8, port: 141),
      ])
  }

  @Test func `the last message's padding may be missing`() throws {
    for missing in 0...3 {
      #expect(try Decoded.headers(Self.two.dropLast(missing)).count == 2)
    }
  }

  @Test func `of every prefix only whole messages are read`() {
    for length in 0..<Self.two.count {
      var count = 0
      let isWhole = [0, 16].contains(length) || length > 32
      let headers = try? Decoded.headers(Array(Self.two.prefix(length)), count: &count)
      #expect((headers != nil) == isWhole, "\(length) bytes")
      #expect(count == (length < 16 ? 0 : length < 33 ? 1 : 2), "\(length) bytes")
    }
  }

  @Test(arguments: [0, 1, 15, 17, 36, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] as [UInt32])
  func `a length below the header or beyond the datagram is refused`(length: UInt32) {
    var bytes = Array(Self.two.prefix(16))
    for place in 0..<4 { bytes[place] = UInt8(truncatingIfNeeded: length >> (place * 8)) }
    let error = #expect(throws: NetlinkError.self) { try Decoded.headers(bytes) }
    #expect(error?.description.contains("says it has \(length) bytes, of which 16 are") == true)
  }

  @Test func `a message of a type that nobody knows is passed on as it is`() throws {
    var bytes = Self.two
    bytes.replaceSubrange(4..<6, with: [0xFF, 0xFF])
    #expect(try Decoded.headers(bytes).map(\.type) == [0xFFFF, 32])
  }

  @Test func `a generic message shorter than its own header has no attributes to read`() throws {
    let whole = Array(KernelMessages.configuration.prefix(20))
    for length in 16...20 {
      var bytes = Array(whole.prefix(length))
      bytes[0] = UInt8(length)
      let attributes = try? Decoded.genericAttributes(bytes)
      #expect((attributes != nil) == (length == 20), "\(length) bytes")
    }
  }
}
