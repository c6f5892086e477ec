internal import Bytes
internal import HostCounters
package import Netlink

/// How much a rule of nftables has counted: nfnetlink, `NFT_MSG_GETRULE`.
///
/// Read from the kernel directly, since it is done twice for each namespace: 5,000 rules take a few
/// milliseconds, and no program is started. What the rule says is nft(8)'s to tell.
package struct RuleCounter: Equatable, Sendable {
  /// "ip", "inet", as nft(8) has it.
  package var family: String
  package var table: String
  package var chain: String
  package var handle: UInt64
  package var packets: UInt64

  /// Of all rules with a counter in the namespace that the connection is in.
  package static func all(over connection: NetlinkConnection) throws(NetlinkError) -> [RuleCounter]
  {
    // struct nfgenmsg in linux/netfilter/nfnetlink.h: of any family.
    try connection.dump(get, [0, 0, 0, 0], operation: "list the rules of nftables") {
      (message) throws(NetlinkError) in
      message.header.type == new ? try RuleCounter(message) : nil
    }
  }

  /// `NFT_MSG_NEWRULE` and `NFT_MSG_GETRULE` in linux/netfilter/nf_tables.h, of NFNL_SUBSYS_NFTABLES.
  package static let (new, get): (UInt16, UInt16) = (10 << 8 | 6, 10 << 8 | 7)

  /// NFTA_RULE_*, NFTA_LIST_*, NFTA_EXPR_* and NFTA_COUNTER_* of linux/netfilter/nf_tables.h.
  private enum Key {
    static let table: UInt16 = 1
    static let chain: UInt16 = 2
    static let handle: UInt16 = 3
    static let expressions: UInt16 = 4
    static let name: UInt16 = 1
    static let data: UInt16 = 2
    static let packets: UInt16 = 2
  }

  /// Reads a `struct nfgenmsg` and the attributes behind it; nil if the rule has no counter.
  package init?(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    let number: UInt8
    do throws(ByteReaderError) {
      number = try reader.read(UInt8.self)
      try reader.skip(3)
    } catch {
      throw .malformed("a rule: \(error)")
    }
    // NFPROTO_* of linux/netfilter.h.
    let names: [UInt8: String] = [
      1: "inet", 2: "ip", 3: "arp", 5: "netdev", 7: "bridge", 10: "ip6",
    ]
    family = names[number] ?? "family\(number)"
    (table, chain, handle) = ("", "", 0)
    var counted: UInt64?
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.table: table = attribute.text
      case Key.chain: chain = attribute.text
      case Key.handle: handle = UInt64(bigEndian: try attribute.integer())
      case Key.expressions: counted = try Self.packets(attribute.nested)
      default: continue
      }
    }
    guard let counted else { return nil }
    packets = counted
  }

  /// What the first counter among a rule's expressions has counted.
  private static func packets(_ list: consuming AttributeReader) throws(NetlinkError) -> UInt64? {
    while let expression = try list.next() {
      var isCounter = false
      var parts = expression.nested
      while let part = try parts.next() {
        switch part.type {
        case Key.name: isCounter = part.text == "counter"
        case Key.data where isCounter:
          var values = part.nested
          while let value = try values.next() {
            if value.type == Key.packets { return UInt64(bigEndian: try value.integer()) }
          }
        default: continue
        }
      }
    }
    return nil
  }
}
