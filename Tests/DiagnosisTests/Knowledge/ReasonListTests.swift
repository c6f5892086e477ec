import Bytes
import KernelNames
import Testing

@testable import Diagnosis

/// Knowledge has every reason that kernels give.
struct ReasonListTests {
  /// As in `Reasons/VERSION.txt`: read from the types of Debian's kernels and their modules.
  static let versions = ["6.1", "6.12", "6.18", "7.2", "7.3"]

  static func folder(_ file: String = #filePath) -> String {
    file.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
  }

  static func reasons(_ version: String) throws -> [String] {
    let bytes = try [UInt8](contentsOfFile: "\(folder())/Reasons/\(version).txt")
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test(arguments: versions)
  func `every reason of a kernel has an entry that names that kernel`(version: String) throws {
    let release = try #require(KernelRelease(version))
    for reason in try Self.reasons(version) {
      let entry = try Knowledge.embedded.entry(reason)
      #expect(entry != nil, "\(reason) is unknown")
      // Debian's stable kernels have reasons of later releases.
      guard let entry, let kernels = entry.kernels, version != "6.1", version != "6.12" else {
        continue
      }
      #expect(kernels.contains(release), "\(reason): \(kernels) has not \(version)")
    }
  }

  @Test func `every reason of the running kernel has an entry`() {
    let table = DropReasonTable.load()
    // What is no reason: the two that stand for none, and each subsystem's own number.
    let unreal: Set = ["NOT_DROPPED_YET", "CONSUMED", "UNSPEC", "REASON"]
    for name in table.labels
    where !unreal.contains(String(name.split(separator: "/").last ?? "")) {
      #expect(Knowledge.embedded.severity(name) != nil, "\(name) is unknown")
    }
  }

  @Test func `every entry that another names is there`() throws {
    let names = Set(Knowledge.embedded.names)
    for name in names {
      let related =
        try Knowledge.embedded.entry(name).map { $0.related + $0.reasons }
        ?? Knowledge.embedded.counter(name).map { $0.related + $0.within } ?? []
      for other in related { #expect(names.contains(other), "\(name) names \(other)") }
    }
  }

  @Test func `every counter that an entry names is known`() throws {
    for name in Knowledge.embedded.names {
      guard let entry = try Knowledge.embedded.entry(name) else { continue }
      let counters =
        entry.counters.map(\.counter) + entry.rules.flatMap(\.condition.counters)
      for counter in counters {
        #expect(try Knowledge.embedded.counter(counter) != nil, "\(name) names \(counter)")
      }
    }
  }
}
