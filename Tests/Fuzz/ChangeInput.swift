internal import Bytes
internal import DropModel
@testable internal import HostState
@testable internal import Netlink
internal import NetlinkLab

/// What changes in a namespace: messages of rtnetlink and of nf_tables, as they come.
enum ChangeInput {
  static func read(_ bytes: [UInt8]) {
    var state = NamespaceState()
    var transaction = RuleTransaction()
    var told = 0
    var messages = 0
    var reader = MessageReader(bytes.span.raw)
    while let message = try? reader.next() {
      messages += 1
      told += (try? state.apply(message))?.count ?? 0
      if let event = try? RuleEvent(message) { told += transaction.take(event).count }
      _ = try? InterfaceAddress(message)
      _ = try? Neighbour(message)
      _ = try? Route(message)
    }
    told += transaction.end().count
    // Name, switch, MTU, address, left and joined, queue, promiscuity.
    expect(told <= messages * 8, "a message changes a few things")
  }

  static var seeds: [[UInt8]] {
    let link = [UInt8](
      hex: """
        30000000 1000 0000 00000000 00000000
        0000 0100 03000000 43100100 00000000
        0700 0300 763000 00
        0800 0400 dc050000
        """)
    let route = [UInt8](
      hex: """
        3c000000 1800 0001 7139096b 01510000
        02 10 00 00 fe 03 00 01 00000000
        0800 0f00 fe000000 0800 0100 0a080000 0800 0500 0a090907 0800 0400 03000000
        """)
    let neighbour = [UInt8](
      hex: """
        30000000 1c00 0000 00000000 fd500000
        02 000000 03000000 8000 00 01
        0800 0100 0a090902 0a00 0200 020000000001 0000
        """)
    let qdisc = [UInt8](
      hex: """
        30000000 2400 0001 7239096b 05510000
        00000000 03000000 00000100 ffffffff 03000000
        0a00 0100 706669666f00 0000
        """)
    let rule = [UInt8](
      hex: """
        38000000 060a 000c 00000000 09510000
        01 00 0002 0b00 0100 66696c746572 00 00 0a00 0200 696e70757400 0000
        0c00 0300 0000000000000002
        """)
    let generation = [UInt8](
      hex: """
        2c000000 0f0a 0000 00000000 09510000
        00 00 0002 0800 0100 00000002 0800 0200 00005109 0800 0300 6e667400
        """)
    return [link, link + route, neighbour, qdisc, rule + generation]
  }
}
