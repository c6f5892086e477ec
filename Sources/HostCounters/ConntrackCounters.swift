internal import Bytes
internal import Netlink

/// Connection tracking: what it did with packets and entries, all CPUs together.
///
/// From /proc/net/stat/nf_conntrack (net/netfilter/nf_conntrack_standalone.c), or where that is not built
/// in by ctnetlink. Their 32 bits are kept: a sum that gets too large begins at 0 again, as its parts do.
enum ConntrackCounters: CounterSource {
  static let family = CounterFamily.conntrack

  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    let folder = "/proc/sys/net/netfilter"
    guard let count = try place.fileIfThere("\(folder)/nf_conntrack_count") else { return }
    setGauge("count", count, &snapshot)
    setGauge("max", try place.file("\(folder)/nf_conntrack_max"), &snapshot)
    if let text = try place.fileIfThere("net/stat/nf_conntrack") {
      guard read(text, into: &snapshot) else {
        throw UnexpectedText(file: "net/stat/nf_conntrack")
      }
    } else {
      try ask(place, into: &snapshot)
    }
  }

  private static func setGauge(
    _ field: String, _ text: [UInt8], _ snapshot: inout CounterSnapshot
  ) {
    var reader = ByteReader(text.span.raw)
    guard let value = reader.readInteger() else { return }
    snapshot.gauges[CounterName(family, field)] = value
  }

  private static func add(
    _ value: UInt32, to field: String, _ snapshot: inout CounterSnapshot
  ) {
    let name = CounterName(family, field)
    let sum = UInt32(truncatingIfNeeded: snapshot.counters[name] ?? 0) &+ value
    snapshot.counters[name] = UInt64(sum)
  }

  /// A line of names, then one of hexadecimal values for each CPU; says whether all was understood.
  static func read(_ text: [UInt8], into snapshot: inout CounterSnapshot) -> Bool {
    var reader = ByteReader(text.span.raw)
    guard var header = reader.readLine() else { return false }
    var fields: [String] = []
    while header.skipBlanks() {
      let word = header.readWord().rest.text
      fields.append(names[word] ?? word)
    }
    while var line = reader.readLine() {
      for field in fields {
        guard line.skipBlanks(), let value = line.readHexadecimal() else { return false }
        // Entries are those of all CPUs, in each line: the gauge `count` tells them.
        if field != "entries" { add(UInt32(truncatingIfNeeded: value), to: field, &snapshot) }
      }
      guard !line.skipBlanks() else { return false }
    }
    return reader.isAtEnd
  }

  /// The file's words that are not ctnetlink's, which conntrack(8) and the kernel's sources use.
  private static let names = [
    "clashres": "clash_resolve", "icmp_error": "error", "chainlength": "chain_toolong",
  ]

  /// `NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET_STATS_CPU` in linux/netfilter.
  private static let statistics: UInt16 = 1 << 8 | 4

  /// CTA_STATS_* of linux/netfilter/nfnetlink_conntrack.h, from 1 on.
  private static let attributes = [
    "searched", "found", "new", "invalid", "ignore", "delete", "delete_list", "insert",
    "insert_failed", "drop", "early_drop", "error", "search_restart", "clash_resolve",
    "chain_toolong",
  ]

  private static func ask(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    // struct nfgenmsg in linux/netfilter/nfnetlink.h: of any family.
    let processors = try place.connection(.netfilter).dump(
      statistics, [0, 0, 0, 0], operation: "read the statistics of connection tracking"
    ) { (message) throws(NetlinkError) in try read(message) }
    for (field, value) in processors.joined() { add(value, to: field, &snapshot) }
  }

  /// One CPU's.
  static func read(_ message: borrowing Message) throws(NetlinkError) -> [(String, UInt32)] {
    var reader = message.payload
    guard (try? reader.skip(4)) != nil else {
      throw .malformed("statistics of \(reader.count) bytes")
    }
    var values: [(String, UInt32)] = []
    var list = AttributeReader(reader.unread)
    while let attribute = try list.next() {
      let index = Int(attribute.type) - 1
      guard attributes.indices.contains(index) else { continue }
      values.append((attributes[index], try attribute.integer(UInt32.self).bigEndian))
    }
    return values
  }
}
