import DropLab
import Glibc
import Testing

/// Every case of the lab in one look: each reason that this kernel can be made to give is diagnosed.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct DiagnosisCoverageTests {
  /// A case, and the lab that it was provoked in.
  private typealias Provoked = (provocation: Provocation, lab: Lab)

  /// Cases that drop more for the same reason while they fill a queue in their set-up, or as time goes by.
  private static let droppingMore: Set<String> = [
    "packet-socket-full", "tap-full", "tbf-overflow", "neighbour-queue-full", "udp-full-socket",
    "udp6-full-socket", "gso-full-socket", "gso-full-gro-socket", "ip6-no-route", "tcp-route-lost",
  ]

  @Test func `each of more than eighty reasons is named in the namespace that had it`() throws {
    var provoked: [Provoked] = []
    defer { for (_, lab) in provoked { lab.close() } }
    let run = try DiagnosisRun(lingering: 300_000) {
      for provocation in Provocation.all {
        let lab = try Lab()
        // Open until all is over: the kernel gives the inode of a namespace that has ended to the next.
        provoked.append((provocation, lab))
        try provocation.run(in: lab)
      }
    }
    #expect(run.status == 1)
    var names: Set<String> = []
    for (provocation, lab) in provoked {
      for expected in provocation.expectations {
        let found = run.report.found(expected, in: lab)
        let first = try #require(found.first, "\(provocation): \(expected)")
        names.insert(first.name)
        let drops = found.reduce(0) { $0 + $1.drops }
        // Drops that belong to no namespace may be others'.
        let isExact = expected.role != nil && !Self.droppingMore.contains(provocation.name)
        #expect(
          isExact ? drops == expected.count : drops >= expected.count,
          "\(provocation): \(drops) drops, \(expected)")
        #expect(found.allSatisfy { $0.causes > 0 }, "nothing is known of \(first.name)")
      }
    }
    let reasons = names.filter { $0.first?.isUppercase == true }
    #expect(reasons.count >= 80, "\(reasons.count) reasons")
  }
}

extension DiagnosisReport {
  /// The findings that an expectation promises: of its reason, or of its site where that says nothing.
  fileprivate func found(_ expected: DropLab.Expectation, in lab: Lab) -> [Finding] {
    let namespace = expected.role.flatMap { lab.namespace($0) }
    guard expected.reason == "NOT_SPECIFIED" else {
      return findings(expected.reason, in: namespace)
    }
    return expected.sites.flatMap { findings($0, in: namespace) }
  }
}
