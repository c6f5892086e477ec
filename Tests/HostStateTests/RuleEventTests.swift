import Bytes
import NetlinkLab
import Testing

@testable import HostState
@testable import Netlink

/// What messages of nf_tables come to, as Linux 6.18 sent them.
struct RuleEventTests {
  private static let table = [UInt8](
    hex: """
      3c000000 000a 0004 00000000 09510000
      01 00 0002                            // inet
      0b00 0100 66696c746572 00 00          // "filter"
      0800 0300 00000000 0c00 0400 0000000000000001 0800 0200 00000000
      """)

  // chain input { type filter hook input priority 0; policy drop }
  private static let chain = [UInt8](
    hex: """
      70000000 030a 0004 00000000 09510000
      01 00 0002
      0b00 0100 66696c746572 00 00
      0a00 0300 696e70757400 0000           // "input"
      0c00 0200 0000000000000001
      1400 0400 0800 0100 00000001 0800 0200 00000000
      0800 0500 00000000                    // policy: NF_DROP
      0b00 0700 66696c746572 00 00
      0800 0a00 00000001 0800 0600 00000001
      """)

  // A rule without its expressions.
  private static func rule(_ type: String, handle: String = "02") -> [UInt8] {
    [UInt8](
      hex: """
        38000000 \(type) 000c 00000000 09510000
        01 00 0002
        0b00 0100 66696c746572 00 00
        0a00 0200 696e70757400 0000
        0c00 0300 00000000000000\(handle)
        """)
  }

  // A set that stands for { 1, 2 } in a rule.
  private static let anonymous = [UInt8](
    hex: """
      2c000000 090a 000c 00000000 09510000
      01 00 0002
      0b00 0100 66696c746572 00 00
      0b00 0200 5f5f73657430 00 00          // "__set0"
      """)

  private static let generation = [UInt8](
    hex: """
      2c000000 0f0a 0000 00000000 09510000
      00 00 0002
      0800 0100 00000002 0800 0200 00005109
      0800 0300 6e667400                    // "nft"
      """)

  private static func event(_ bytes: [UInt8]) throws(NetlinkError) -> RuleEvent? {
    var reader = MessageReader(bytes.span.raw)
    guard let message = try reader.next() else { return nil }
    return try RuleEvent(message)
  }

  private func texts(_ messages: [UInt8]...) throws -> [String] {
    var transaction = RuleTransaction()
    return try messages.compactMap(Self.event).flatMap { transaction.take($0) }
  }

  @Test func `a transaction tells what it did and who did it, once it is over`() throws {
    let author = "by nft[20745]"
    #expect(
      try texts(
        Self.table, Self.chain, Self.anonymous, Self.rule("060a"), Self.generation,
        Self.rule("080a")) == [
          "nft table inet filter added \(author)",
          "nft chain inet filter input (policy drop) added or changed \(author)",
          "nft rule in inet filter input handle 2 added \(author)",
        ])
  }

  @Test func `many rules of a chain are one sentence`() throws {
    #expect(
      try texts(
        Self.rule("080a"), Self.rule("060a"), Self.rule("060a", handle: "03"), Self.generation) == [
          "nft rule in inet filter input handle 2 removed by nft[20745]",
          "nft 2 rules in inet filter input added by nft[20745]",
        ])
  }

  @Test func `a transaction whose end was lost is told without its author`() throws {
    var transaction = RuleTransaction()
    let event = try #require(try Self.event(Self.table))
    #expect(transaction.take(event).isEmpty)
    #expect(transaction.end() == ["nft table inet filter added"])
    #expect(transaction.end().isEmpty)
  }

  @Test func `the number of what is told apart is bounded`() {
    var transaction = RuleTransaction()
    for number in 0..<1000 {
      let subject = RuleEvent.Subject(
        kind: "chain", place: "ip filter c\(number)", happened: "removed")
      _ = transaction.take(.change(subject, handle: nil))
    }
    let texts = transaction.end(by: "nft[1]")
    #expect(texts.count == 257)
    #expect(texts.last == "nft 744 more changes by nft[1]")
  }

  @Test func `a truncated message is refused or tells less`() {
    for message in [Self.table, Self.chain, Self.rule("060a"), Self.generation] {
      for count in 16..<message.count {
        var bytes = Array(message.prefix(count))
        bytes[0] = UInt8(count)
        if count < 20 {
          #expect(throws: NetlinkError.self) { try Self.event(bytes) }
        } else {
          _ = try? Self.event(bytes)
        }
      }
    }
  }

  @Test func `other subsystems' messages are none of ours`() throws {
    var other = Self.table
    other[5] = 1
    #expect(try Self.event(other) == nil)
  }
}
