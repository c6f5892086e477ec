internal import Bytes

/// What each CPU did with received packets: /proc/net/softnet_stat, softnet_seq_show() in
/// net/core/net-procfs.c.
enum SoftnetStatistics {
  /// The columns that count; the others are unused or what waits at the moment.
  private static let columns: [Int: String] = [
    0: "processed", 1: "dropped", 2: "time_squeeze", 8: "cpu_collision", 9: "received_rps",
    10: "flow_limit_count",
  ]

  static func read(_ bytes: RawSpan, into values: inout [CounterName: UInt64]) {
    var reader = ByteReader(bytes)
    var row = 0
    while let line = reader.readLine() {
      let numbers = line.rest.text.split(separator: " ").map { UInt64($0, radix: 16) }
      // From 5.10 on the CPU stands in the thirteenth column; CPUs that are off have no line.
      let cpu = numbers.count > 12 ? numbers[12] ?? UInt64(row) : UInt64(row)
      for (column, name) in columns where column < numbers.count {
        if let value = numbers[column] { values[CounterName("softnet", "cpu\(cpu)", name)] = value }
      }
      row += 1
    }
  }
}
