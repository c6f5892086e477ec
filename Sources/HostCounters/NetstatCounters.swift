internal import Bytes

/// The MIBs of IP, ICMP, TCP, UDP and IPsec by nstat(8)'s names: "UdpRcvbufErrors",
/// "TcpExtListenDrops", "Ip6InNoRoutes", "XfrmInNoPols".
///
/// net/ipv4/proc.c writes snmp and netstat, net/ipv6/proc.c snmp6, net/xfrm/xfrm_proc.c xfrm_stat. They
/// have as many bits as the machine.
enum NetstatCounters: CounterSource {
  static let family = CounterFamily.netstat

  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    for file in ["net/snmp", "net/netstat"] {
      guard readPairs(try place.file(file), into: &snapshot) else {
        throw UnexpectedText(file: file)
      }
    }
    // Neither IPv6 nor IPsec need be there.
    for file in ["net/snmp6", "net/xfrm_stat"] {
      guard let text = try place.fileIfThere(file) else { continue }
      guard readLines(text, into: &snapshot) else { throw UnexpectedText(file: file) }
    }
  }

  /// Lines in pairs: names, and values below them; each begins with the protocol.
  ///
  /// Says whether all of it was understood.
  static func readPairs(_ text: [UInt8], into snapshot: inout CounterSnapshot) -> Bool {
    var reader = ByteReader(text.span.raw)
    while var names = reader.readLine() {
      guard var values = reader.readLine(), let prefix = names.readReader(upTo: colon),
        let again = values.readReader(upTo: colon), prefix.rest.equals(again.rest)
      else { return false }
      let group = prefix.rest.text
      while names.skipBlanks() {
        let field = names.readWord()
        guard values.skipBlanks(), let value = values.readInteger() else { return false }
        set(group + field.rest.text, value, in: &snapshot)
      }
      guard !values.skipBlanks() else { return false }
    }
    return reader.isAtEnd
  }

  /// A name and its value in each line.
  static func readLines(_ text: [UInt8], into snapshot: inout CounterSnapshot) -> Bool {
    var reader = ByteReader(text.span.raw)
    while var line = reader.readLine() {
      let field = line.readWord()
      guard field.count > 0, line.skipBlanks(), let value = line.readInteger() else { return false }
      set(field.rest.text, value, in: &snapshot)
    }
    return reader.isAtEnd
  }

  private static func set(_ field: String, _ value: Int64, in snapshot: inout CounterSnapshot) {
    let name = CounterName(family, field)
    if settings.contains(field) {
      snapshot.gauges[name] = value
    } else {
      snapshot.counters[name] = UInt64(bitPattern: value)
    }
  }

  private static let colon = UInt8(ascii: ":")

  /// What stands among the counters and is none: settings, and what is there now.
  private static let settings: Set<String> = [
    "IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn",
    "TcpCurrEstab", "MPTcpExtMPCurrEstab",
  ]
}
