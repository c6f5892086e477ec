import DropLab
import DropModel
import Glibc
import NetlinkLab
import Testing

@testable import HostState
@testable import Netlink

/// Listening to a namespace: what was lost, and what the kernel sends.
struct ChangeMonitorTests {
  @Test func `lost events are told, and what comes after them is read`() {
    let link = [UInt8](
      hex: """
        28000000 1000 0000 00000000 00000000
        0000 0100 03000000 02100000 00000000
        0700 0300 763000 00
        """)
    let socket = ScriptedSocket(
      leftover: [.failure(errno: ENOBUFS), .datagram([1, 2, 3]), .datagram(link)], [])
    let monitor = ChangeMonitor(route: socket, rules: nil, state: NamespaceState())
    let begin = MonotonicTime.now
    let changes = monitor.read()
    #expect(changes.map(\.text) == ["link v0 added, down"])
    #expect(changes.allSatisfy { $0.since <= begin && $0.time >= begin })
    #expect(monitor.problems.contains { $0.contains("were lost") })
    #expect(monitor.problems.contains { $0.contains("cannot understand") })
    #expect(monitor.end().isEmpty)
  }

  @Test(.enabled(if: geteuid() == 0, "namespaces need root"))
  func `the kernel's own events come, each once`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, _) = try lab.pair()
    let monitor = try ChangeMonitor(namespace: "/run/netns/" + a.name)
    #expect(monitor.read().isEmpty)
    try a.ip("route add 198.51.100.0/24 via 10.77.0.2", "addr add 10.99.0.1/24 dev va")
    try a.nft("add table ip dropwatch")
    let texts = (monitor.read() + monitor.end()).map(\.text)
    #expect(
      texts.prefix(2) == [
        "route 198.51.100.0/24 via 10.77.0.2 by va added", "address 10.99.0.1/24 on va added",
      ])
    #expect(texts.contains { $0.hasPrefix("nft table ip dropwatch added by nft[") })
    #expect(monitor.problems.isEmpty)
    #expect(monitor.read().isEmpty)
  }

  @Test(.enabled(if: geteuid() == 0, "namespaces need root"))
  func `a setting that changed is told once, by its old and new value`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let b = try lab.makeNamespace(.b)
    let monitor = try SysctlMonitor(namespace: "/run/netns/" + b.name, often: ["rp_filter"])
    let names = try SysctlMonitor.ownNames(in: "/run/netns/" + b.name)
    #expect(!names.contains("net.core.netdev_max_backlog") && !names.contains("net.core.rmem_max"))
    #expect(names.contains("net.ipv4.conf.lo.rp_filter"))
    #expect(!names.contains { $0.hasSuffix("_key") || $0.hasSuffix("secret") })
    #expect(try monitor.look().isEmpty)
    let before = try b.read("/proc/sys/net/ipv4/conf/lo/rp_filter").prefix { $0 != "\n" }
    try b.set("ipv4/conf/lo/rp_filter", before == "1" ? 2 : 1)
    try b.set("ipv4/tcp_syncookies", 2)
    let name = "sysctl net.ipv4.conf.lo.rp_filter"
    #expect(try monitor.look().map(\.text) == ["\(name): \(before) → \(before == "1" ? 2 : 1)"])
    #expect(try monitor.look().isEmpty)
    // The others are looked at in the end only.
    #expect(try monitor.look(isLast: true).map(\.text) == ["sysctl net.ipv4.tcp_syncookies: 1 → 2"])
  }

  @Test func `what changed alike on several devices is one sentence`() {
    let paths = ["all", "default", "eth0.7"].map { "/ipv4/conf/\($0)/forwarding" }
    let old = Dictionary(uniqueKeysWithValues: paths.map { ($0, "0\n") })
    let new = Dictionary(uniqueKeysWithValues: paths.map { ($0, "1\n") })
    #expect(
      SysctlMonitor.grouped(paths, from: old, to: new) == [
        "sysctl net.ipv4.conf.all.forwarding (and 2 more like it): 0 → 1"
      ])
    #expect(
      SysctlMonitor.grouped(["/ipv4/tcp_rmem"], from: ["/ipv4/tcp_rmem": "4096\t131072\n"], to: [:])
        == ["sysctl net.ipv4.tcp_rmem: 4096 131072 → nothing"])
  }

  @Test func `a part of the kernel is loaded, built in, or not there`() throws {
    let folder = try Command.run(["/bin/mktemp", "-d"]).prefix { $0 != "\n" }
    defer { _ = try? Command.run(["/bin/rm", "-r", String(folder)]) }
    let (loaded, builtIn) = ("\(folder)/modules", "\(folder)/builtin")
    try Command.run(
      ["/bin/sh", "-c", "echo 'nf_tables 1 2 - Live 0x0' > \(loaded); touch \(builtIn)"])
    #expect(KernelModule.isThere("nf_tables", loaded: loaded, builtIn: builtIn))
    #expect(!KernelModule.isThere("nf_table", loaded: loaded, builtIn: builtIn))
    try Command.run(
      ["/bin/sh", "-c", "echo kernel/net/netfilter/nf_table.ko > \(builtIn)"])
    #expect(KernelModule.isThere("nf_table", loaded: loaded, builtIn: builtIn))
    #expect(KernelModule.isThere("nf_table", loaded: "\(folder)/none", builtIn: builtIn))
  }
}
