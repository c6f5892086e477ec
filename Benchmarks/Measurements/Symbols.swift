internal import Bytes
internal import DropLab
internal import Glibc
internal import KernelNames

/// Reading the kernel's symbols, beside merely reading the file that they are in.
struct Symbols {
  private var reading: [Double] = []
  private var loading: [Double] = []
  private var cat: [Double] = []
  private var count = 0

  /// Does each so many times, in turn.
  mutating func run(rounds: Int) throws {
    for _ in 0..<rounds {
      try Self.time(into: &reading) {
        _ = try [UInt8](contentsOfFile: "/proc/kallsyms", sizeHint: 8 << 20)
      }
      count = try Self.time(into: &loading) { try SymbolTable.load() }.count
      let before = Self.childrenTime
      try Command.run(["sh", "-c", "exec cat /proc/kallsyms > /dev/null"])
      cat.append(Self.childrenTime - before)
    }
  }

  @discardableResult
  private static func time<Value>(
    into milliseconds: inout [Double], _ body: () throws -> Value
  ) rethrows -> Value {
    let start = processorTime
    defer { milliseconds.append(Double(processorTime - start) / 1e6) }
    return try body()
  }

  /// Processor time of all children that have ended, in milliseconds: getrusage(2).
  private static var childrenTime: Double {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 + Double(microseconds) / 1e3
  }

  /// The section.
  func results() -> Results {
    var results = Results(
      "KALLSYMS, \(count) symbols, processor time (\(reading.count) rounds)",
      columns: ["ms", "quartiles", "× reading"])
    let floor = reading.median
    for (name, values) in [
      ("cat /proc/kallsyms > /dev/null", cat), ("reading the file in process", reading),
      ("reading, parsing, sorting", loading),
    ] {
      let ratio = values.median / floor
      results.add(
        name,
        [
          text(values.median, digits: 1),
          "\(text(values.quantile(0.25)))…\(text(values.quantile(0.75)))", text(ratio, digits: 2),
        ],
        name.hasSuffix("sorting") ? .expected("≤ 1.5 × reading", isMet: ratio <= 1.5) : .none)
    }
    return results
  }
}
