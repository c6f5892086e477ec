internal import Bytes

/// The counters of IP, ICMP, TCP and UDP (their MIBs), in nstat(8)'s names: "UdpRcvbufErrors".
enum ProtocolStatistics {
  /// Those that come and go: no counters.
  private static let gauges: Set = [
    "TcpCurrEstab", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn", "IpForwarding",
    "IpDefaultTTL",
  ]

  /// Reads /proc/net/snmp or netstat: pairs of lines, the first with names, the second with numbers.
  ///
  /// What does not fit is passed over.
  static func read(pairs bytes: RawSpan, into values: inout [CounterName: UInt64]) {
    var reader = ByteReader(bytes)
    while let names = reader.readLine(), let numbers = reader.readLine() {
      let names = names.rest.text.split(separator: " ")
      let numbers = numbers.rest.text.split(separator: " ")
      guard let family = names.first, family == numbers.first, family.last == ":" else { continue }
      for (name, number) in zip(names, numbers).dropFirst() {
        add("\(family.dropLast())\(name)", number, to: &values)
      }
    }
  }

  /// Reads /proc/net/snmp6 or xfrm_stat: a name and a number a line.
  static func read(lines bytes: RawSpan, into values: inout [CounterName: UInt64]) {
    var reader = ByteReader(bytes)
    while let line = reader.readLine() {
      let words = line.rest.text.split(whereSeparator: \.isWhitespace)
      if words.count == 2 { add(String(words[0]), words[1], to: &values) }
    }
  }

  private static func add(
    _ name: String, _ number: Substring, to values: inout [CounterName: UInt64]
  ) {
    guard !gauges.contains(name), let value = UInt64(number) else { return }
    values[CounterName("netstat", nil, name)] = value
  }
}
