internal import Bytes

/// The receive queues of the CPUs: /proc/net/softnet_stat, softnet_seq_show in net/core/net-procfs.c.
///
/// A line for each CPU that is there; later kernels have more columns, from 5.10 on the CPU's number
/// among them. Its counters have 32 bits.
enum SoftnetCounters: CounterSource {
  static let family = CounterFamily.softnet

  /// What stands in which column.
  private static let counters: [(column: Int, field: String)] = [
    (0, "processed"), (1, "dropped"), (2, "time_squeeze"), (8, "cpu_collision"),
    (9, "received_rps"), (10, "flow_limit_count"),
  ]
  private static let gauges: [(column: Int, field: String)] = [
    (11, "backlog_len"), (13, "input_qlen"), (14, "process_qlen"),
  ]
  private static let processorColumn = 12

  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    let file = try place.file("net/softnet_stat")
    guard read(file, into: &snapshot) else { throw UnexpectedText(file: "net/softnet_stat") }
  }

  /// Says whether every line was understood.
  static func read(_ text: [UInt8], into snapshot: inout CounterSnapshot) -> Bool {
    var reader = ByteReader(text.span.raw)
    var position = 0
    while var line = reader.readLine() {
      var columns: [UInt64] = []
      while line.skipBlanks() {
        guard let value = line.readHexadecimal() else { return false }
        columns.append(value)
      }
      guard columns.count > 8 else { return false }
      let processor = columns.count > processorColumn ? columns[processorColumn] : UInt64(position)
      let instance = "cpu\(processor)"
      for (column, field) in counters where column < columns.count {
        snapshot.counters[CounterName(family, instance, field)] = columns[column]
      }
      for (column, field) in gauges where column < columns.count {
        snapshot.gauges[CounterName(family, instance, field)] =
          Int64(truncatingIfNeeded: columns[column])
      }
      position += 1
    }
    return position > 0 && reader.isAtEnd
  }
}
