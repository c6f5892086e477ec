import Glibc
import Synchronization
import Testing

@testable import DropLab

@Suite(.serialized, .enabled(if: geteuid() == 0, "namespaces and tracefs need root"))
struct LabTests {
  @Test func `a closure runs inside the namespace and the thread comes back`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let namespace = try lab.makeNamespace(.b)
    let own = "/proc/thread-self/ns/net"
    let home = try KernelFile.inode(of: own)
    #expect(try namespace.inside { try KernelFile.inode(of: own) } == namespace.inode)
    #expect(throws: LabError.self) { try namespace.inside { throw LabError("on purpose") } }
    #expect(try KernelFile.inode(of: own) == home)
    #expect(namespace.inode != home)
  }

  @Test func `a thread of a namespace runs there and hands on its error`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let namespace = try lab.makeNamespace(.b)
    let box = InodeBox()
    try namespace.thread {
      box.inode.store(
        try KernelFile.inode(of: "/proc/thread-self/ns/net"), ordering: .releasing)
    }.join()
    #expect(box.inode.load(ordering: .acquiring) == namespace.inode)
    let failing = try namespace.thread { throw LabError("on purpose") }
    #expect(throws: LabError.self) { try failing.join() }
  }

  @Test func `closing a lab removes its namespaces`() throws {
    let lab = try Lab()
    let name = try lab.makeNamespace(.b).name
    #expect(KernelFile.names(in: "/run/netns").contains(name))
    lab.close()
    #expect(!KernelFile.names(in: "/run/netns").contains(name))
  }

  @Test func `only names of dead processes are left behind`() {
    #expect(!Lab.isLeftover("dwlab-\(getpid())-1"))
    #expect(!Lab.isLeftover("dwlab-1"))
    #expect(!Lab.isLeftover("other-999999999-1"))
    #expect(Lab.isLeftover("dwlab-999999999-1"))
  }

  @Test func `a failed command says what it was and what it said`() {
    let error = #expect(throws: LabError.self) {
      try Command.run(["ip", "link", "show", "no-such-device"])
    }
    #expect(error?.description.contains("no-such-device") == true)
  }

  @Test func `a command that does not end is killed`() {
    let error = #expect(throws: LabError.self) {
      try Command.run(["sleep", "30"], milliseconds: 50)
    }
    #expect(error?.description.contains("killed after 50 ms") == true)
  }

  @Test func `every case names a reason that this kernel has`() throws {
    _ = try TracefsTruth()
    let reasons = try TracefsTruth.reasons()
    for expected in Provocation.all.flatMap(\.expectations) {
      #expect(reasons[expected.reason] != nil, "\(expected.reason)")
    }
  }

  @Test func `names of cases are unique`() {
    #expect(Set(Provocation.all.map(\.name)).count == Provocation.all.count)
  }

  @Test func `a flood of several ethertypes has exactly as many of each`() throws {
    let truth = try TracefsTruth()
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair()
    let flood = try XDPFlood(lab, b, ethertypes: 16)
    try truth.start(only: "UNHANDLED_PROTO")
    let result = try flood.run(.unknownEthertype(), count: 1600)
    let report = try truth.stop()
    #expect(result.counted == 1600)
    let counts = Dictionary(grouping: report.events, by: \.ethertype).mapValues(\.count)
      .filter { $0.key & 0xF000 == 0xA000 }
    #expect(counts.count == 16)
    #expect(counts.values.allSatisfy { $0 == 100 })
  }

  @Test func `several loads in turn are counted one by one`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair(ipv6: true)
    let flood = try XDPFlood(lab, b)
    let loads: [XDPFlood.Load] = [.unknownEthertype(), .badUDPChecksum(), .badTCP6Checksum()]
    let results = try flood.run(loads, count: 300, slice: 200)
    #expect(results.map(\.counted) == [300, 300, 300])
  }

  @Test(arguments: Provocation.all)
  func `a case drops exactly what it promises`(provocation: Provocation) throws {
    let truth = try TracefsTruth()
    let verdict = try provocation.verify(with: truth)
    #expect(verdict.isExact, "\(verdict)")
  }
}

/// A number that a thread writes and a test reads.
private final class InodeBox: Sendable {
  let inode = Atomic<UInt64>(0)
}
