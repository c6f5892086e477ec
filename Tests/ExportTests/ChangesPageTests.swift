import DropModel
import Testing

@testable import Diagnosis
@testable import Export

struct ChangesPageTests {
  private static let blue = NetworkNamespace(inode: 1, name: "blue")

  /// So many changes, a tenth of a second apart, the first drop of `finding` right behind the last.
  private func watched(_ count: UInt64, uncounted: UInt64 = 0) -> (WatchedChanges, Finding) {
    func time(_ number: UInt64) -> MonotonicTime {
      MonotonicTime(nanoseconds: 1_000_000_000_000 + number * 100_000_000)
    }
    let list = (0..<count).map {
      StateChange(.route, "route \($0)", in: Self.blue, since: time($0), time: time($0 + 1))
    }
    var finding = Finding(name: "IP_INNOROUTES", severity: .harmful, namespace: Self.blue)
    (finding.first, finding.last) = (time(count + 1), time(count + 1))
    finding.counts.drops = 9
    return (WatchedChanges(list: list, uncounted: uncounted, begin: time(0)), finding)
  }

  @Test func `a finding tells the three changes next to its first drop`() {
    let (changes, finding) = watched(5)
    #expect(
      changes.text(before: finding)
        == "route 2 (0.3 s before); route 3 (0.2 s before); route 4 (0.1 s before); "
        + "and 2 changes more")
    var elsewhere = finding
    elsewhere.namespace = nil
    #expect(
      changes.text(before: elsewhere)?.hasPrefix("route 2 in netns blue (0.3 s before)") == true)
    let (none, quiet) = watched(0)
    #expect(none.text(before: quiet) == nil)
  }

  @Test func `the page lists twenty, counts the rest, and says nothing of nothing`() throws {
    var page = Page()
    page.append(watched(0).0)
    #expect(page.blocks.isEmpty)
    page.append(watched(20).0)
    #expect(page.blocks.count == 2)
    page = Page()
    page.append(watched(25, uncounted: 7).0)
    guard case .list(let items) = try #require(page.blocks.dropFirst().first) else {
      Issue.record("no list: \(page.blocks)")
      return
    }
    #expect(items.count == 20)
    #expect(items[0].text.hasSuffix(" in netns blue: route 0"))
    #expect(page.blocks.last == .paragraph("And 12 changes more; --json tells all but 7."))
  }
}
