import Bytes
import Filters
import Testing

/// Expressions as libpcap compiles and interprets them.
struct PacketFilterTests {
  @Test func `a blank expression asks for everything`() throws {
    #expect(try PacketFilter("") == nil)
    #expect(try PacketFilter(" \n ") == nil)
  }

  @Test func `what libpcap does not understand is told with its reason`() throws {
    let error = #expect(throws: FilterError.self) { try PacketFilter("udp prot 53") }
    let sentence = try #require(error?.description)
    #expect(sentence.hasPrefix("cannot understand the filter 'udp prot 53': "))
    #expect(sentence.contains("syntax error"))
    #expect(!sentence.contains("\n"))
  }

  /// 45 00 … : an IPv4 datagram to port 53 without a link header.
  private static let datagram: [UInt8] =
    [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
    + [0x9C, 0x40, 0, 53, 0, 8, 0, 0]

  @Test func `a packet without a link header matches as one with it`() throws {
    let frame = [UInt8](repeating: 2, count: 12) + [8, 0] + Self.datagram
    for (expression, matches) in [
      ("udp dst port 53", true), ("udp dst port 54", false), ("ip host 10.0.0.2", true),
      ("ip6", false), ("len = 42", true), ("not udp", false),
    ] {
      let filter = try #require(try PacketFilter(expression))
      let whole = filter.matches(
        frame.span.raw, originalLength: 42, hasLinkHeader: true, ethertype: 0)
      let bare = filter.matches(
        Self.datagram.span.raw, originalLength: 28, hasLinkHeader: false, ethertype: 0x0800)
      #expect([whole, bare] == [matches, matches], "\(expression)")
    }
  }

  @Test func `a packet that is not of the network matches nothing`() throws {
    let filter = try #require(try PacketFilter("not ip"))
    let matches = filter.matches(
      Self.datagram.span.raw, originalLength: 28, hasLinkHeader: false, ethertype: 0)
    #expect(!matches)
  }

  @Test func `no prefix of a packet is read beyond its end`() throws {
    let filter = try #require(try PacketFilter("udp dst port 53"))
    for count in Self.datagram.indices {
      let prefix = Array(Self.datagram.prefix(count))
      let matches = filter.matches(
        prefix.span.raw, originalLength: 28, hasLinkHeader: false, ethertype: 0x0800)
      #expect(matches == (count >= 24))
    }
  }
}
