import DropLab
import Glibc
import Testing

@testable import Commands

/// Settings by their names, and whose they are.
struct SysctlsTests {
  @Test(arguments: [
    ("net.core.somaxconn", "/proc/sys/net/core/somaxconn"),
    ("net.ipv4.conf.eth0.100.rp_filter", "/proc/sys/net/ipv4/conf/eth0.100/rp_filter"),
    ("net/ipv4/conf/eth0.100/rp_filter", "/proc/sys/net/ipv4/conf/eth0.100/rp_filter"),
    ("net.bridge.bridge-nf-call-iptables", "/proc/sys/net/bridge/bridge-nf-call-iptables"),
  ])
  func `dots and slashes part a name`(name: String, path: String) {
    #expect(Sysctls.path(of: name) == path)
  }

  @Test(arguments: [
    ("sysctl -w net.core.somaxconn=4096", ["net.core.somaxconn"]),
    ("sysctl -w net/ipv4/conf/va/rp_filter=2", ["net/ipv4/conf/va/rp_filter"]),
    ("sysctl net.ipv4.tcp_mem net.ipv4.udp_mem", ["net.ipv4.tcp_mem", "net.ipv4.udp_mem"]),
    ("ip link set dev va up", []),
  ])
  func `a command tells what settings it names`(command: String, names: [String]) {
    #expect(Sysctls.names(in: command) == names)
  }

  @Test(arguments: [
    ("net.ipv4.conf.va.rp_filter", true), ("net.ipv6.neigh.va.unres_qlen_bytes", true),
    ("net.ipv4.conf.all.rp_filter", false), ("net.ipv4.neigh.default.gc_thresh3", false),
    ("net.core.netdev_max_backlog", false), ("net.ipv4.ip_forward", false),
  ])
  func `a device's setting is known by its name`(name: String, isOfDevice: Bool) {
    #expect(Sysctls.isOfDevice(name) == isOfDevice)
  }

  @Test(
    .enabled(if: geteuid() == 0, "namespaces need root"),
    arguments: [
      ("net.core.somaxconn", true), ("net/ipv4/conf/lo/rp_filter", true),
      ("net.core.netdev_max_backlog", false), ("net.ipv4.neigh.default.gc_thresh3", false),
      ("net.core.rmem_default", false),
    ])
  func `what only the whole machine has cannot be set in a namespace`(
    name: String, isOwn: Bool
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let namespace = try lab.makeNamespace(.b)
    #expect(Sysctls.isSettable(name, in: "/run/netns/\(namespace.name)") == isOwn)
    #expect(Sysctls.isSettable(name))
  }
}
