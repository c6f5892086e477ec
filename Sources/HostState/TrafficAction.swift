internal import Bytes
internal import Netlink

/// What a filter of tc(8) does with packets: linux/pkt_cls.h.
package struct TrafficAction: Equatable, Sendable {
  /// "gact", "police", "mirred".
  package var kind: String
  /// What it says of a packet, by tc-actions(8)'s words: "drop", "pass"; nil if unknown.
  package var verdict: String?
  /// Packets that it has dropped since ever.
  package var drops: UInt32

  /// Whether it drops, always, beyond a rate, or as its program says.
  package var mayDrop: Bool { verdict == "drop" || kind == "police" || kind == "bpf" }

  /// TCA_ACT_* of linux/pkt_cls.h, TCA_STATS_QUEUE of linux/gen_stats.h.
  private enum Key {
    static let kind: UInt16 = 1
    static let options: UInt16 = 2
    static let statistics: UInt16 = 4
    static let queue: UInt16 = 3
  }

  /// Reads the actions of a filter, in their order.
  static func list(_ actions: consuming AttributeReader) throws(NetlinkError) -> [TrafficAction] {
    var list: [TrafficAction] = []
    while let action = try actions.next() { list.append(try TrafficAction(action.nested)) }
    return list
  }

  private init(_ attributes: consuming AttributeReader) throws(NetlinkError) {
    (kind, drops) = ("", 0)
    while let attribute = try attributes.next() {
      switch attribute.type {
      // The kind comes first: tcf_action_dump_terse in net/sched/act_api.c.
      case Key.kind: kind = attribute.text
      case Key.options: verdict = try Self.verdict(attribute.nested, of: kind)
      case Key.statistics: drops = try Self.drops(attribute.nested)
      default: continue
      }
    }
  }

  private static func verdict(
    _ options: consuming AttributeReader, of kind: String
  ) throws(NetlinkError) -> String? {
    guard let (key, place) = places[kind] else { return nil }
    while let option = try options.next() {
      guard option.type == key else { continue }
      var reader = ByteReader(option.bytes)
      guard (try? reader.skip(place)) != nil, let code = try? reader.read(Int32.self, .host) else {
        throw .malformed("an action \(kind) has only \(option.count) bytes")
      }
      return word(code)
    }
    return nil
  }

  /// Which option of a kind has its verdict, and where: of struct tc_police behind an index, of those that
  /// begin with tc_gen behind the capabilities as well (linux/tc_act/).
  private static let places: [String: (key: UInt16, offset: Int)] = [
    "bpf": (2, 8), "gact": (2, 8), "mirred": (2, 8), "pedit": (2, 8), "police": (1, 4),
    "skbedit": (2, 8), "vlan": (2, 8),
  ]

  /// TC_ACT_* of linux/pkt_cls.h.
  private static func word(_ code: Int32) -> String {
    let words = [
      "continue", "pass", "reclassify", "drop", "pipe", "stolen", "queued", "repeat", "redirect",
      "trap",
    ]
    if code >= -1, Int(code) + 1 < words.count { return words[Int(code) + 1] }
    switch code >> 28 {
    case 1: return "jump \(code & 0x0FFF_FFFF)"
    case 2: return "goto chain \(code & 0x0FFF_FFFF)"
    default: return "verdict \(code)"
    }
  }

  private static func drops(_ statistics: consuming AttributeReader) throws(NetlinkError) -> UInt32
  {
    while let attribute = try statistics.next() {
      guard attribute.type == Key.queue else { continue }
      // struct gnet_stats_queue: behind the length and the backlog.
      var reader = ByteReader(attribute.bytes)
      guard (try? reader.skip(8)) != nil, let drops = try? reader.read(UInt32.self, .host) else {
        throw .malformed("the statistics of an action have only \(attribute.count) bytes")
      }
      return drops
    }
    return 0
  }
}
