import Bytes
import Netlink
import NetlinkLab
import Testing

@testable import HostState

/// Rules' counters and tc's filters, as the kernel tells them.
struct FirewallStateTests {
  // NFT_MSG_NEWRULE of Linux 6.18: add rule inet lab i udp dport 9000 counter drop, after 20 packets.
  private static let rule = [UInt8](
    hex: """
      bc000000 060a 0208 01000000 5c170000
      01 00 000a                            // inet
      0800 0100 6c616200                    // "lab"
      0600 0200 6900 0000                   // "i"
      0c00 0300 0000000000000002            // handle 2
      8c00 0400
        2c00 0100 0800 0100 636d7000        // "cmp"
          2000 0200 0800 0100 00000001 0800 0200 00000000 0c00 0300 0500 0100 11000000
        2c00 0100 0c00 0100 636f756e74657200  // "counter"
          1c00 0200 0c00 0100 0000000000000348 0c00 0200 0000000000000014
        3000 0100 0e00 0100 696d6d656469617465 00 0000  // "immediate"
          1c00 0200 0800 0100 00000000 1000 0200 0c00 0200 0800 0100 00000000
      """)

  // RTM_NEWTFILTER of Linux 6.18: tc filter add dev v0 ingress pref 11 bpf da bytecode '1,6 0 0 2'.
  private static let program = [UInt8](
    hex: """
      5c000000 2c00 0200 01000000 301f0000
      00000000 03000000 01000000 f2ffffff 00030b00
      0800 0100 62706600                    // "bpf"
      0800 0b00 00000000                    // chain 0
      2800 0200
        0600 0400 0100 0000 0c00 0500 0600000002000000
        0800 0800 01000000                  // direct-action
        0800 0900 08000000
      """)

  /// A filter with actions, put together by linux/pkt_cls.h: gact drop after 50 packets, and police.
  private static var flower: [UInt8] {
    let words = { (values: [UInt32]) in values.flatMap { MessageWriter.bytes(of: $0) } }
    var message = MessageWriter(
      type: TrafficFilter.new, flags: 2, sequence: 1,
      payload: words([0, 3, 1, 0xFFFF_FFF2, 49152 << 16 | 8]))
    message.attribute(1, text: "flower")
    message.attribute(11, UInt32(2))
    message.attribute(2) { options in
      options.attribute(3) { actions in
        actions.attribute(1) { action in
          action.attribute(1, text: "gact")
          action.attribute(4) { $0.attribute(3, bytes: words([0, 0, 50, 0, 0])) }
          action.attribute(2) { $0.attribute(2, bytes: words([1, 0, 2, 1, 1])) }
        }
        actions.attribute(2) { action in
          action.attribute(1, text: "police")
          action.attribute(2) { $0.attribute(1, bytes: words([1, 3, 0, 0, 0])) }
        }
      }
    }
    return message.bytes
  }

  private static func counter(_ bytes: [UInt8]) throws -> RuleCounter? {
    var reader = MessageReader(bytes.span.raw)
    guard let message = try reader.next() else { return nil }
    return try RuleCounter(message)
  }

  private static func filter(_ bytes: [UInt8]) throws -> TrafficFilter? {
    var reader = MessageReader(bytes.span.raw)
    guard let message = try reader.next() else { return nil }
    return try TrafficFilter(message, .ingress)
  }

  @Test func `a rule's counter is read`() throws {
    let counter = try #require(try Self.counter(Self.rule))
    #expect(counter.family == "inet" && counter.table == "lab" && counter.chain == "i")
    #expect(counter.handle == 2 && counter.packets == 20)
  }

  @Test func `a filter with a program that decides by itself is read`() throws {
    let filter = try #require(try Self.filter(Self.program))
    #expect(filter.kind == "bpf" && filter.preference == 11 && filter.handle == 1)
    #expect(filter.isDirect && filter.actions.isEmpty && filter.chain == 0)
  }

  @Test func `a filter's actions are read`() throws {
    let filter = try #require(try Self.filter(Self.flower))
    #expect(filter.kind == "flower" && filter.preference == 49152 && filter.chain == 2)
    #expect(filter.actions.map(\.kind) == ["gact", "police"])
    #expect(filter.actions.map(\.verdict) == ["drop", "pipe"])
    #expect(filter.actions.map(\.drops) == [50, 0])
    #expect(filter.actions.map(\.mayDrop) == [true, true])
  }

  @Test func `each truncation is refused or tells less`() {
    for length in 0..<Self.rule.count {
      let counter = try? Self.counter(Self.shortened(Self.rule, to: length))
      #expect(counter == nil || counter?.packets == 20)
    }
    for whole in [Self.program, Self.flower] {
      for length in 0..<whole.count {
        let filter = try? Self.filter(Self.shortened(whole, to: length))
        #expect((filter?.actions.count ?? 0) <= 2)
      }
    }
  }

  /// The first bytes of a message, whose header says so: what is cut then are its attributes.
  private static func shortened(_ message: [UInt8], to length: Int) -> [UInt8] {
    var bytes = Array(message.prefix(length))
    guard length >= 4 else { return bytes }
    bytes.replaceSubrange(0..<4, with: MessageWriter.bytes(of: UInt32(length)))
    return bytes
  }
}
