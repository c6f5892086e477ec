internal import Bytes
internal import Netlink

/// What drivers and cards count: the string set ETH_SS_STATS of linux/ethtool.h.
enum EthtoolCounters: CounterSource {
  static let family = CounterFamily.ethtool

  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    for link in try place.links() {
      // Loopback devices have no driver to ask.
      guard link.kind != "loopback", let statistics = try statistics(of: link.name, place) else {
        continue
      }
      snapshot.identify(family, link.name, as: UInt64(link.index))
      for (field, value) in statistics {
        let name = CounterName(family, link.name, field)
        // Some drivers say a name twice; the first one is the device's own.
        if snapshot.counters[name] == nil { snapshot.counters[name] = value }
      }
    }
  }

  /// ETHTOOL_GSSET_INFO, ETHTOOL_GSTRINGS, ETHTOOL_GSTATS.
  private enum Command {
    static let strings: UInt32 = 0x1B
    static let statistics: UInt32 = 0x1D
    static let setInformation: UInt32 = 0x37
  }

  /// ETH_SS_STATS.
  private static let set: UInt32 = 1
  /// ETH_GSTRING_LEN.
  private static let nameSize = 32
  /// No driver has so many; the most known are some thousand of a card with many queues.
  private static let limit: UInt32 = 1 << 16
  /// The kernel writes as many as there are by now, which may be more than were asked for.
  private static let spare: UInt32 = 1024

  private static func statistics(
    of device: String, _ place: CounterPlace
  ) throws(NetlinkError) -> [(String, UInt64)]? {
    // struct ethtool_sset_info: the command, a reserved word, the mask of sets; then their sizes.
    guard
      let answer = try place.ethtool(device, words([Command.setInformation, 0, 1 << set, 0, 0])),
      let count = count(answer), count > 0, count <= limit
    else { return nil }
    let names = words([Command.strings, set, count])
    let values = words([Command.statistics, count])
    guard
      let names = try place.ethtool(
        device, names + [UInt8](repeating: 0, count: Int(count + spare) * nameSize)),
      let values = try place.ethtool(
        device, values + [UInt8](repeating: 0, count: Int(count + spare) * 8))
    else { return nil }
    guard let statistics = pairs(names, values) else {
      throw .malformed("the statistics of the driver of \(device)")
    }
    return statistics
  }

  /// The size of the set; nil if the driver has none.
  static func count(_ answer: [UInt8]) -> UInt32? {
    var reader = ByteReader(answer.span.raw)
    guard (try? reader.skip(8)) != nil, let mask = try? reader.read(UInt64.self, .host),
      mask & 1 << UInt64(set) != 0
    else { return nil }
    return try? reader.read(UInt32.self, .host)
  }

  /// Names with values: `struct ethtool_gstrings` and `struct ethtool_stats`; nil if they do not fit.
  static func pairs(_ names: [UInt8], _ values: [UInt8]) -> [(String, UInt64)]? {
    var (names, values) = (ByteReader(names.span.raw), ByteReader(values.span.raw))
    var pairs: [(String, UInt64)] = []
    do throws(ByteReaderError) {
      try names.skip(8)
      try values.skip(4)
      let count = min(
        try names.read(UInt32.self, .host), try values.read(UInt32.self, .host))
      for _ in 0..<count {
        var padded = try names.readReader(nameSize)
        let value = try values.read(UInt64.self, .host)
        let name = padded.readReader(upTo: 0)?.rest.text ?? padded.rest.text
        // Names are free text; blanks before them serve ethtool's own table.
        let trimmed = name.drop { $0 == " " }
        if !trimmed.isEmpty { pairs.append((String(trimmed), value)) }
      }
    } catch {
      return nil
    }
    return pairs
  }

  private static func words(_ words: [UInt32]) -> [UInt8] {
    words.flatMap(MessageWriter.bytes(of:))
  }
}
