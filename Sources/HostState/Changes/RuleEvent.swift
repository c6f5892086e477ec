internal import Bytes
package import Netlink

/// What a message of nf_tables tells: something came or went, or a transaction is over.
///
/// See NFT_MSG_* and NFTA_* of linux/netfilter/nf_tables.h.
package enum RuleEvent: Equatable, Sendable {
  case change(Subject, handle: UInt64?)
  /// Everything since the one before was done at once, by a process; nil if the kernel does not say.
  case generation(process: String?)

  /// What came or went, as far as many of a kind are alike.
  package struct Subject: Hashable, Sendable {
    /// "rule", "set element".
    package var kind: String
    /// "inet filter input", with the name of what is no rule.
    package var place: String
    /// "added", "removed".
    package var happened: String

    /// "nft rule in inet filter input handle 7 added", "nft 12 rules in inet filter input added".
    package func text(count: Int, handle: UInt64?) -> String {
      let isInside = kind == "rule" || kind == "set element"
      let words = count == 1 ? kind : "\(count) \(kind)s"
      let number = handle.flatMap { count == 1 ? " handle \($0)" : nil } ?? ""
      return "nft \(words) \(isInside ? "in " : "")\(place)\(number) \(happened)"
    }
  }

  /// NFNLGRP_NFTABLES of linux/netfilter/nfnetlink.h.
  package static let group: (number: UInt32, name: String) = (7, "nftables")

  /// NFNL_SUBSYS_NFTABLES, the upper half of a message's type.
  private static let subsystem: UInt16 = 10
  /// NFT_MSG_NEWGEN.
  private static let generation: UInt16 = 15

  /// By the lower half of a message's type.
  private static let kinds: [UInt16: (kind: String, happened: String)] = [
    0: ("table", "added"), 2: ("table", "removed"), 3: ("chain", "added or changed"),
    5: ("chain", "removed"), 6: ("rule", "added"), 8: ("rule", "removed"), 9: ("set", "added"),
    11: ("set", "removed"), 12: ("set element", "added"), 14: ("set element", "removed"),
    18: ("object", "added"), 20: ("object", "removed"), 22: ("flowtable", "added"),
    24: ("flowtable", "removed"),
  ]

  /// Reads a `struct nfgenmsg` and the attributes behind it; nil for what is of no interest.
  package init?(_ message: borrowing Message) throws(NetlinkError) {
    let type = message.header.type
    guard type >> 8 == Self.subsystem else { return nil }
    var reader = message.payload
    let family: UInt8
    do throws(ByteReaderError) {
      family = try reader.read(UInt8.self)
      try reader.skip(3)
    } catch {
      throw .malformed("a message of nf_tables: \(error)")
    }
    let attributes = AttributeReader(reader.unread)
    if type & 0xFF == Self.generation {
      self = .generation(process: try Self.process(attributes))
      return
    }
    guard let kind = Self.kinds[type & 0xFF],
      let (place, handle) = try Self.place(attributes, of: kind.kind, family: family)
    else { return nil }
    self = .change(
      Subject(kind: kind.kind, place: place, happened: kind.happened), handle: handle)
  }

  /// "nft[1234]": NFTA_GEN_PROC_PID and NFTA_GEN_PROC_NAME.
  private static func process(
    _ attributes: consuming AttributeReader
  ) throws(NetlinkError) -> String? {
    var (name, number): (String?, UInt32?)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case 2: number = UInt32(bigEndian: try attribute.integer())
      case 3: name = attribute.text
      default: continue
      }
    }
    return name.map { name in number.map { "\(name)[\($0)]" } ?? name }
  }

  /// Where it is, and a rule's handle; nil for the sets that are only parts of a rule.
  private static func place(
    _ attributes: consuming AttributeReader, of kind: String, family: UInt8
  ) throws(NetlinkError) -> (place: String, handle: UInt64?)? {
    var (table, name, policy) = ("", "", "")
    var handle: UInt64?
    while let attribute = try attributes.next() {
      switch (kind, attribute.type) {
      case (_, 1): table = attribute.text
      case ("rule", 2), ("set", 2), ("set element", 2), ("object", 2), ("flowtable", 2),
        ("chain", 3):
        name = attribute.text
      case ("rule", 3): handle = UInt64(bigEndian: try attribute.integer())
      // NF_DROP is 0, NF_ACCEPT 1.
      case ("chain", 5):
        policy = UInt32(bigEndian: try attribute.integer()) == 0 ? " (policy drop)" : ""
      default: continue
      }
    }
    if kind == "set" || kind == "set element",
      name.hasPrefix("__set") || name.hasPrefix("__map")
    {
      return nil
    }
    let words = [families[family] ?? "family \(family)", table, name].filter { !$0.isEmpty }
    return (words.joined(separator: " ") + policy, handle)
  }

  /// NFPROTO_* of linux/netfilter.h, in nft(8)'s words.
  private static let families: [UInt8: String] = [
    1: "inet", 2: "ip", 3: "arp", 5: "netdev", 7: "bridge", 10: "ip6",
  ]
}
