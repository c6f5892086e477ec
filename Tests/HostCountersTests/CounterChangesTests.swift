import DropModel
import Testing

@testable import HostCounters

/// What moved between two snapshots.
struct CounterChangesTests {
  private func snapshot(
    _ counters: [CounterName: UInt64], _ identities: [CounterOwner: UInt64] = [:],
    seconds: UInt64 = 0, complete: Set<CounterFamily> = Set(CounterFamily.allCases)
  ) -> CounterSnapshot {
    var snapshot = CounterSnapshot(
      time: MonotonicTime(nanoseconds: seconds * 1_000_000_000), namespace: 1)
    snapshot.counters = counters
    snapshot.identities = identities
    snapshot.complete = complete
    return snapshot
  }

  private let dropped = CounterName(.link, "veth0", "rx_dropped")
  private let veth0 = CounterOwner(family: .link, instance: "veth0")

  @Test func `names are written with and without the instance`() {
    #expect(dropped.text == "link.veth0.rx_dropped")
    #expect(dropped.kind == "link.rx_dropped")
    let errors = CounterName(.netstat, "UdpRcvbufErrors")
    #expect(errors.text == "netstat.UdpRcvbufErrors")
    #expect(errors.kind == errors.text)
    #expect(dropped < errors)
  }

  @Test func `only what moved is told, with the time between`() {
    let errors = CounterName(.netstat, "UdpRcvbufErrors")
    let old = snapshot([dropped: 5, errors: 7], [veth0: 2])
    let new = snapshot([dropped: 8, errors: 7], [veth0: 2], seconds: 3)
    let changes = new.changes(since: old)
    #expect(changes.changed == [dropped: 3])
    #expect(changes.interval == .seconds(3))
    #expect(changes.unknown.isEmpty)
    #expect(changes.vanished.isEmpty)
  }

  @Test(arguments: [
    (0xFFFF_FFFE, 3, 5 as UInt64?), (0x8000_0001, 0, 0x7FFF_FFFF),
    // Half of 32 bits or more is no wrap but a new beginning, of which nobody knows when it was.
    (0x8000_0000, 0, nil), (100, 5, nil), (0x1_0000_0005, 3, nil),
  ])
  func `a counter of 32 bits begins at 0 again`(old: UInt64, new: UInt64, change: UInt64?) {
    let changes = snapshot([dropped: new], [veth0: 2])
      .changes(since: snapshot([dropped: old], [veth0: 2]))
    #expect(changes.changed[dropped] == change)
    #expect(changes.unknown == (change == nil ? [dropped] : []))
  }

  @Test func `a new device counts from 0, also if it has an old one's name`() {
    let new = snapshot([dropped: 4], [veth0: 9])
    #expect(new.changes(since: snapshot([:])).changed == [dropped: 4])
    let changes = new.changes(since: snapshot([dropped: 3], [veth0: 2]))
    #expect(changes.changed == [dropped: 4])
    #expect(changes.vanished == [veth0])
  }

  @Test func `a renamed device goes on where it was`() {
    let eth0 = CounterName(.link, "eth0", "rx_dropped")
    let changes = snapshot([eth0: 9], [CounterOwner(family: .link, instance: "eth0"): 2])
      .changes(since: snapshot([dropped: 7], [veth0: 2]))
    #expect(changes.changed == [eth0: 2])
    #expect(changes.vanished.isEmpty)
  }

  @Test func `a new counter of an old device is unknown`() {
    let other = CounterName(.link, "veth0", "rx_nohandler")
    let changes = snapshot([dropped: 3, other: 9], [veth0: 2])
      .changes(since: snapshot([dropped: 3], [veth0: 2]))
    #expect(changes.changed.isEmpty)
    #expect(changes.unknown == [other])
  }

  @Test func `what could not be listed before may have been anything`() {
    let old = snapshot([:], complete: [])
    #expect(snapshot([dropped: 4], [veth0: 9]).changes(since: old).unknown == [dropped])
  }

  @Test func `what is gone is told of, unless it could not be listed`() {
    let old = snapshot([dropped: 4], [veth0: 9])
    #expect(snapshot([:]).changes(since: old).vanished == [veth0])
    #expect(snapshot([:], complete: []).changes(since: old).vanished.isEmpty)
  }

  @Test func `a CPU that comes back has counted before`() {
    let name = CounterName(.softnet, "cpu1", "dropped")
    #expect(snapshot([name: 4]).changes(since: snapshot([:])).unknown == [name])
  }

  @Test func `sockets and ICMP types are listed once they have counted`() {
    let socket = CounterName(.socket, "udp 10.0.0.2:53", "drops")
    let type = CounterName(.netstat, "IcmpMsgInType3")
    let owner = CounterOwner(family: .socket, instance: "udp 10.0.0.2:53")
    let new = snapshot([socket: 4, type: 2], [owner: 77])
    #expect(new.changes(since: snapshot([:])).changed == [socket: 4, type: 2])
    #expect(snapshot([:]).changes(since: new).vanished.isEmpty)
  }

  @Test func `a socket is the same by its cookie whatever it is called`() {
    let (plain, numbered) = ("udp 10.0.0.2:53", "udp 10.0.0.2:53 #812")
    let old = snapshot(
      [CounterName(.socket, plain, "drops"): 10],
      [CounterOwner(family: .socket, instance: plain): 77])
    let name = CounterName(.socket, numbered, "drops")
    let owner = CounterOwner(family: .socket, instance: numbered)
    #expect(snapshot([name: 14], [owner: 77]).changes(since: old).changed == [name: 4])
    // Another one of the same name has lost all of these since.
    let other = snapshot(
      [CounterName(.socket, plain, "drops"): 14],
      [CounterOwner(family: .socket, instance: plain): 78])
    #expect(
      other.changes(since: old).changed == [CounterName(.socket, plain, "drops"): 14])
  }
}
