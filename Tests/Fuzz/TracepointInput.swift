internal import Bytes
internal import DropModel
@testable internal import DropSources
@testable internal import KernelNames

/// A perf ring's records, and the format that tells what is where in them.
enum TracepointInput {
  private static let record = try? DropRecord(TracepointFormat(Seed.format))

  static func readRecords(_ bytes: [UInt8]) {
    var records = PerfRecords(bytes.span.raw)
    var read = 0
    while let record = try? records.next() {
      read += 8 + record.sample.count
      expect(read <= bytes.count, "records do not overlap")
      guard case .sample = record.kind else { continue }
      _ = try? self.record?.key(record.sample)
    }
  }

  static func readFormat(_ bytes: [UInt8]) {
    guard let format = try? TracepointFormat(bytes), let record = try? DropRecord(format) else {
      return
    }
    let bytes = [UInt8](repeating: 0xFF, count: 40)
    guard let key = try? record.key(ByteReader(bytes.span.raw)) else { return }
    expect(key.site == .max, "a site is read whole")
    expect(record.hasReason == (key.reason == .max), "so is a reason, if there is one")
  }
}
