import DropModel
import Testing

@testable import HostCounters

/// Counters in files of /proc.
struct TextCounterTests {
  private let empty = CounterSnapshot(time: MonotonicTime(nanoseconds: 0), namespace: 1)

  // As Linux 6.18 writes it, on two CPUs of which the first one is away.
  private let softnet = """
    0900c6be 00000007 00000001 00000000 00000000 00000000 00000000 00000000 00000000 00000000 \
    0000000a 00000005 00000001 00000002 00000003
    11eace51 00000000 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000004 \
    00000000 00000000 00000002 00000000 00000000

    """

  @Test func `softnet_stat tells the CPU and both queues`() {
    let snapshot = CounterPlace.fake(files: ["net/softnet_stat": softnet]).snapshot(.softnet)
    #expect(snapshot.problems.isEmpty)
    #expect(snapshot[CounterName(.softnet, "cpu1", "processed")] == 0x0900_c6be)
    #expect(snapshot[CounterName(.softnet, "cpu1", "dropped")] == 7)
    #expect(snapshot[CounterName(.softnet, "cpu1", "flow_limit_count")] == 10)
    #expect(snapshot[CounterName(.softnet, "cpu2", "received_rps")] == 4)
    #expect(snapshot[CounterName(.softnet, "cpu2", "time_squeeze")] == 2)
    #expect(snapshot.gauges[CounterName(.softnet, "cpu1", "backlog_len")] == 5)
    #expect(snapshot.gauges[CounterName(.softnet, "cpu1", "input_qlen")] == 2)
    #expect(snapshot.gauges[CounterName(.softnet, "cpu1", "process_qlen")] == 3)
    #expect(snapshot.counters.count == 12)
  }

  @Test func `older kernels have fewer columns, and CPUs in their order`() {
    let line = Array(repeating: "00000001", count: 9).joined(separator: " ") + "\n"
    let snapshot = CounterPlace.fake(files: ["net/softnet_stat": line + line]).snapshot(.softnet)
    #expect(snapshot[CounterName(.softnet, "cpu1", "cpu_collision")] == 1)
    #expect(snapshot.counters.count == 8)
    #expect(snapshot.gauges.isEmpty)
  }

  private let snmp = """
    Ip: Forwarding DefaultTTL InReceives InHdrErrors
    Ip: 2 64 1000 3
    IcmpMsg: InType3
    IcmpMsg: 7
    Tcp: RtoAlgorithm RtoMin RtoMax MaxConn InSegs
    Tcp: 1 200 120000 -1 18446744073709551615
    Udp: InDatagrams RcvbufErrors
    Udp: 10 25

    """
  private let netstat = """
    TcpExt: SyncookiesSent ListenDrops
    TcpExt: 0 15
    IpExt: InNoRoutes
    IpExt: 4

    """

  @Test func `netstat and snmp have nstat's names`() {
    let files = [
      "net/snmp": snmp, "net/netstat": netstat,
      "net/snmp6": "Ip6InReceives                   \t57\nIp6InNoRoutes                   \t1\n",
      "net/xfrm_stat": "XfrmInNoPols            \t6\n",
    ]
    let snapshot = CounterPlace.fake(files: files).snapshot(.netstat)
    #expect(snapshot.problems.isEmpty)
    let values = Dictionary(
      uniqueKeysWithValues: snapshot.counters.map { ($0.key.text, $0.value) })
    #expect(
      values == [
        "netstat.IpInReceives": 1000, "netstat.IpInHdrErrors": 3, "netstat.IcmpMsgInType3": 7,
        "netstat.TcpInSegs": .max, "netstat.UdpInDatagrams": 10, "netstat.UdpRcvbufErrors": 25,
        "netstat.TcpExtSyncookiesSent": 0, "netstat.TcpExtListenDrops": 15,
        "netstat.IpExtInNoRoutes": 4, "netstat.Ip6InReceives": 57, "netstat.Ip6InNoRoutes": 1,
        "netstat.XfrmInNoPols": 6,
      ])
    #expect(snapshot.gauges[CounterName(.netstat, "TcpMaxConn")] == -1)
    #expect(snapshot.gauges[CounterName(.netstat, "IpForwarding")] == 2)
  }

  @Test func `without IPv6 and IPsec the rest is whole`() {
    let snapshot = CounterPlace.fake(files: ["net/snmp": snmp, "net/netstat": netstat])
      .snapshot(.netstat)
    #expect(snapshot.complete == [.netstat])
    #expect(snapshot.problems.isEmpty)
  }

  @Test func `what cannot be read is a sentence with the file`() {
    let snapshot = CounterPlace.fake(files: ["net/snmp": snmp]).snapshot(.netstat)
    #expect(snapshot.complete.isEmpty)
    #expect(
      snapshot.problems
        == ["netstat counters: cannot open net/netstat: no such file or directory"])
    let strange = CounterPlace.fake(files: ["net/softnet_stat": "none\n"]).snapshot(.softnet)
    #expect(strange.problems.first?.contains("cannot understand /proc/net/softnet_stat") == true)
  }

  private let conntrack = """
    entries  clashres found new invalid ignore delete chainlength insert insert_failed drop \
    early_drop icmp_error  expect_new expect_create expect_delete search_restart
    00000003  00000001 00000002 00000000 ffffffff 00000000 00000000 00000005 00000000 00000000 \
    00000007 00000000 00000000  00000000 00000000 00000000 00000000
    00000003  00000001 00000002 00000000 00000003 00000000 00000000 00000005 00000000 00000000 \
    00000008 00000000 00000009  00000000 00000000 00000000 00000000

    """

  @Test func `conntrack adds its CPUs up in 32 bits`() {
    let files = [
      "net/stat/nf_conntrack": conntrack, "/proc/sys/net/netfilter/nf_conntrack_count": "3\n",
      "/proc/sys/net/netfilter/nf_conntrack_max": "262144\n",
    ]
    let snapshot = CounterPlace.fake(files: files).snapshot(.conntrack)
    #expect(snapshot.problems.isEmpty)
    #expect(snapshot[CounterName(.conntrack, "drop")] == 15)
    #expect(snapshot[CounterName(.conntrack, "clash_resolve")] == 2)
    #expect(snapshot[CounterName(.conntrack, "chain_toolong")] == 10)
    #expect(snapshot[CounterName(.conntrack, "error")] == 9)
    #expect(snapshot[CounterName(.conntrack, "invalid")] == 2)
    #expect(snapshot[CounterName(.conntrack, "entries")] == nil)
    #expect(snapshot.gauges[CounterName(.conntrack, "count")] == 3)
    #expect(snapshot.gauges[CounterName(.conntrack, "max")] == 262_144)
  }

  @Test func `a kernel without conntrack has none of it, and no problem`() {
    let snapshot = CounterPlace.fake().snapshot(.conntrack)
    #expect(snapshot.counters.isEmpty)
    #expect(snapshot.complete == [.conntrack])
  }

  @Test func `text cut off in the middle of a line is refused`() {
    for (text, read) in [
      (softnet, SoftnetCounters.read), (snmp, NetstatCounters.readPairs),
      (netstat, NetstatCounters.readPairs), (conntrack, ConntrackCounters.read),
      ("XfrmInNoPols \t6\n", NetstatCounters.readLines),
    ] {
      let bytes = [UInt8](text.utf8)
      var whole = empty
      #expect(read(bytes, &whole))
      for count in 0..<bytes.count {
        var snapshot = empty
        let isRead = read(Array(bytes.prefix(count)), &snapshot)
        if isRead { #expect(count == 0 || bytes[count - 1] == UInt8(ascii: "\n")) }
        #expect(snapshot.counters.count <= whole.counters.count)
      }
    }
  }
}
