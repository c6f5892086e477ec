internal import Bytes
internal import Netlink

extension DeviceQdisc.Limit {
  /// Reads the options of those kinds that have a limit; the structures are in linux/pkt_sched.h.
  init?(_ options: borrowing Attribute, of kind: String) throws(NetlinkError) {
    let value: UInt32?
    switch kind {
    // struct tc_fifo_qopt begins with it.
    case "pfifo", "bfifo", "pfifo_head_drop": value = Self.word(0, of: options.bytes)
    // struct tc_netem_qopt: behind the latency.
    case "netem": value = Self.word(1, of: options.bytes)
    // struct tc_sfq_qopt: behind the quantum and the perturbation.
    case "sfq": value = Self.word(2, of: options.bytes)
    // TCA_TBF_PARMS: behind two struct tc_ratespec of 12 bytes.
    case "tbf": value = try Self.word(6, ofAttribute: 1, in: options.nested)
    // TCA_RED_PARMS, TCA_FQ_CODEL_LIMIT, TCA_CODEL_LIMIT, TCA_FQ_PLIMIT.
    case "red": value = try Self.word(0, ofAttribute: 1, in: options.nested)
    case "fq_codel", "codel": value = try Self.word(0, ofAttribute: 2, in: options.nested)
    case "fq": value = try Self.word(0, ofAttribute: 1, in: options.nested)
    default: value = nil
    }
    guard let value else { return nil }
    self = ["bfifo", "tbf", "red"].contains(kind) ? .bytes(value) : .packets(value)
  }

  /// A word of 32 bits, by its place.
  private static func word(_ place: Int, of bytes: RawSpan) -> UInt32? {
    var reader = ByteReader(bytes)
    guard (try? reader.skip(place * 4)) != nil else { return nil }
    return try? reader.read(UInt32.self, .host)
  }

  private static func word(
    _ place: Int, ofAttribute type: UInt16, in list: consuming AttributeReader
  ) throws(NetlinkError) -> UInt32? {
    while let attribute = try list.next() {
      if attribute.type == type { return word(place, of: attribute.bytes) }
    }
    return nil
  }
}

extension DeviceQdisc {
  /// What a kind counts beyond drops, of its own statistics (TCA_STATS_APP) in linux/pkt_sched.h.
  static func own(of kind: String, _ statistics: ByteReader) -> [(field: String, value: UInt64)] {
    switch kind {
    // struct tc_fq_codel_xstats: of a discipline if its type is 0.
    case "fq_codel" where word(0, of: statistics) == 0:
      [(2, "drop_overlimit"), (3, "ecn_mark"), (9, "drop_overmemory")].compactMap {
        (place, field) in word(place, of: statistics).map { (field, UInt64($0)) }
      }
    // struct tc_fq_qd_stats: 64 bits each.
    case "fq":
      [(8, "flows_plimit"), (10, "pkts_too_long"), (12, "allocation_errors")].compactMap {
        (place, field) in doubleWord(place, of: statistics).map { (field, $0) }
      }
    // struct tc_red_xstats.
    case "red":
      [(0, "early"), (1, "pdrop"), (2, "other"), (3, "marked")].compactMap {
        (place, field) in word(place, of: statistics).map { (field, UInt64($0)) }
      }
    default: []
    }
  }

  /// 32 bits, by their place in words.
  private static func word(_ place: Int, of statistics: borrowing ByteReader) -> UInt32? {
    var reader = ByteReader(statistics.rest)
    guard (try? reader.skip(place * 4)) != nil else { return nil }
    return try? reader.read(UInt32.self, .host)
  }

  private static func doubleWord(_ place: Int, of statistics: borrowing ByteReader) -> UInt64? {
    var reader = ByteReader(statistics.rest)
    guard (try? reader.skip(place * 4)) != nil else { return nil }
    return try? reader.read(UInt64.self, .host)
  }
}
