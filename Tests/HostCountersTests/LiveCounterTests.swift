import DropLab
import DropModel
import Glibc
import Testing

@testable import HostCounters

/// The kernel's own counters: known numbers of drops, and what other programs say of the same.
@Suite(.serialized, .enabled(if: geteuid() == 0, "namespaces need root"))
struct LiveCounterTests {
  private func reader(_ namespace: LabNamespace) -> CounterReader {
    CounterReader(namespace: "/run/netns/" + namespace.name)
  }

  /// What moved in a namespace while something was done; a slow machine leaves some of that to a
  /// kernel thread, so it waits until `name` has got so far.
  private func changes(
    in namespace: LabNamespace, until name: CounterName, is wanted: UInt64,
    _ body: () throws -> Void
  ) throws -> CounterChanges {
    let reader = reader(namespace)
    let before = try reader.snapshot()
    #expect(before.problems.isEmpty)
    try body()
    for _ in 0..<500 {
      let changes = try reader.snapshot().changes(since: before)
      if changes.changed[name] ?? 0 >= wanted { return changes }
      usleep(2000)
    }
    return try reader.snapshot().changes(since: before)
  }

  @Test func `a full UDP socket moves three counters, each by the lab's number`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try LabSocket(lab, b, .udp).option(SOL_SOCKET, SO_RCVBUF, 4096).bind(.b, 9_000)
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    let full = CounterName(.netstat, "UdpRcvbufErrors")
    // A slow machine may not have taken all of the first ones before the counting begins.
    let filled = try changes(in: b, until: CounterName(.netstat, "IpInDelivers"), is: 50) {
      try client.send(to: .b, 9_000, size: 1000, count: 50)
    }
    #expect(filled.changed[CounterName(.netstat, "IpInDelivers")] == 50)
    let changes = try changes(in: b, until: full, is: 30) {
      try client.send(to: .b, 9_000, size: 1000, count: 30)
    }
    #expect(changes.changed[full] == 30)
    #expect(changes.changed[CounterName(.netstat, "UdpInErrors")] == 30)
    #expect(changes.changed[CounterName(.socket, "udp 10.77.0.2:9000", "drops")] == 30)
    #expect(changes.changed[CounterName(.link, "vb", "rx_packets")] == 30)
    #expect(changes.changed[CounterName(.link, "vb", "rx_dropped")] == nil)
    #expect(changes.unknown.isEmpty)
    let socket = try #require(try reader(b).sockets(port: 9_000).first)
    #expect(socket.memory?.receiveLimit == 8192)
    #expect(socket.memory?.received ?? 0 > 0)
    #expect(try reader(b).sockets(port: 9_001).isEmpty)
  }

  @Test func `a full queue moves its discipline's drops and those of its child`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, _) = try lab.pair()
    // Ten bytes a second: nothing leaves the queue.
    try a.tc("qdisc add dev va root handle 1: tbf rate 80bit burst 1540 limit 3000")
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    try client.send(to: .b, 9_000, size: 1000, count: 8)
    let drops = CounterName(.qdisc, "va 1:", "drops")
    let changes = try changes(in: a, until: drops, is: 20) {
      try client.send(to: .b, 9_000, size: 1000, count: 20)
    }
    #expect(changes.changed[drops] == 20)
    #expect(changes.changed[CounterName(.qdisc, "va 0: parent 1:1", "drops")] == 20)
    #expect(changes.changed[CounterName(.link, "va", "tx_packets")] == nil)
    let snapshot = try reader(a).snapshot()
    #expect(snapshot.gauges[CounterName(.qdisc, "va 1:", "backlog")] ?? 0 > 1000)
    let bucket = try #require(try reader(a).qdiscs().first { $0.qdisc.kind == "tbf" })
    #expect(bucket.limit == .bytes(3000))
  }

  @Test func `frames of an unknown protocol are a device's dropped ones`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let sender = try PacketSender(lab, a, "va")
    let frame = EthernetFrame([UInt8](repeating: 0x5A, count: 64), ethertype: 0x88B5).bytes
    let dropped = CounterName(.link, "vb", "rx_dropped")
    let changes = try changes(in: b, until: dropped, is: 16) {
      try sender.send(frame, count: 16)
    }
    #expect(changes.changed[dropped] == 16)
    let link = try #require(try reader(b).links().first { $0.name == "vb" })
    #expect(link.kind == "veth")
    #expect(link.isUp)
    #expect(link.address == MACAddress.b.bytes)
    #expect(link.peerNamespace != nil)
    #expect(try reader(b).links().first { $0.name == "lo" }?.kind == "loopback")
  }

  @Test func `a packet socket that does not read loses copies`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try LabSocket(lab, b, packets: "vb", 0x88CC).option(SOL_SOCKET, SO_RCVBUF, 2048)
    let sender = try PacketSender(lab, a, "va")
    let frame = EthernetFrame([UInt8](repeating: 0x5A, count: 64), ethertype: 0x88CC).bytes
    try sender.send(frame, count: 30)
    usleep(50_000)
    let reader = reader(b)
    let before = try reader.snapshot()
    try sender.send(frame, count: 20)
    usleep(50_000)
    let changes = try reader.snapshot().changes(since: before)
    let lost = changes.changed.filter { $0.key.family == .packet }
    #expect(lost.map(\.value) == [20])
    #expect(lost.first?.key.text.hasPrefix("packet.vb 0x88cc #") == true)
  }

  @Test func `a device made between two snapshots counts from 0`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let a = try lab.makeNamespace(.a)
    let before = try reader(a).snapshot()
    try a.ip("link add v0 type veth peer name v1", "link set v0 up", "link set v1 up")
    let sender = try PacketSender(lab, a, "v0")
    let frame = EthernetFrame([UInt8](repeating: 0x5A, count: 64), ethertype: 0x88B5).bytes
    try sender.send(frame, count: 5)
    usleep(50_000)
    let changes = try reader(a).snapshot().changes(since: before)
    #expect(changes.changed[CounterName(.link, "v1", "rx_dropped")] ?? 0 >= 5)
    #expect(changes.unknown.isEmpty)
  }

  @Test func `a namespace that is not there cannot be entered`() {
    #expect {
      try CounterReader(namespace: "/run/netns/dwlab-no-such").snapshot()
    } throws: { error in
      "\(error)"
        == "cannot enter the network namespace /run/netns/dwlab-no-such: "
        + "No such file or directory"
    }
  }

  /// Lines "family instance|field value" of what nstat, ip and tc say.
  private static let others = """
    import json, subprocess
    def run(command): return json.loads(subprocess.run(command.split(), capture_output=True, check=True).stdout)
    for name, value in run("nstat -azsj")["kernel"].items(): print("netstat", "", name, value, sep="|")
    names = {"bytes": "bytes", "packets": "packets", "errors": "errors", "dropped": "dropped",
             "length_errors": "length_errors", "crc_errors": "crc_errors", "frame_errors": "frame_errors",
             "fifo_errors": "fifo_errors", "missed_errors": "missed_errors", "over_errors": "over_errors",
             "carrier_errors": "carrier_errors", "aborted_errors": "aborted_errors",
             "window_errors": "window_errors", "heartbeat_errors": "heartbeat_errors"}
    for link in run("ip -s -s -j link"):
        for way in "rx", "tx":
            for key, name in names.items():
                if key in link["stats64"][way]:
                    print("link", link["ifname"], way + "_" + name, link["stats64"][way][key], sep="|")
        print("link", link["ifname"], "collisions", link["stats64"]["tx"]["collisions"], sep="|")
    for qdisc in run("tc -s -j qdisc show invisible"):
        if qdisc["kind"] == "noqueue": continue
        name = qdisc["dev"] + " " + qdisc["handle"]
        if qdisc["handle"] == "0:" and "parent" in qdisc: name += " parent " + qdisc["parent"]
        for field in "bytes", "packets", "drops", "overlimits", "requeues":
            print("qdisc", name, field, qdisc[field], sep="|")
    """

  @Test func `nstat, ip and tc say the same of a namespace`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, _) = try lab.pair()
    try a.tc("qdisc add dev va root handle 1: tbf rate 80bit burst 1540 limit 3000")
    let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    try client.send(to: .b, 9_000, size: 1000, count: 20)
    try client.send(to: "127.0.0.1", 9, size: 100, count: 7)
    usleep(100_000)
    var differences: [String] = []
    var compared: [CounterFamily: Int] = [:]
    // Something may move between our look and theirs.
    for _ in 0..<3 {
      let text = try a.inside { try Command.run(["/usr/bin/python3", "-c", Self.others]) }
      let snapshot = try reader(a).snapshot()
      (differences, compared) = ([], [:])
      for line in text.split(separator: "\n") {
        let words = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        let family = try #require(CounterFamily(rawValue: words[0]))
        let name = CounterName(family, words[1].isEmpty ? nil : words[1], words[2])
        let value = snapshot[name] ?? snapshot.gauges[name].map { UInt64(bitPattern: $0) }
        compared[family, default: 0] += 1
        if value.map(String.init) != words[3] {
          differences.append("\(name.text): \(words[3]), ours \(value.map(String.init) ?? "none")")
        }
      }
      if differences.isEmpty { break }
    }
    #expect(differences.isEmpty)
    #expect(compared[.netstat] ?? 0 > 200)
    #expect(compared[.link] ?? 0 >= 40)
    #expect(compared[.qdisc] ?? 0 >= 10)
  }

  @Test func `a snapshot without ethtool is quick`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, _) = try lab.pair()
    let reader = CounterReader(
      namespace: "/run/netns/" + a.name,
      families: CounterFamily.allCases.filter { $0 != .ethtool })
    let clock = ContinuousClock()
    var fastest = Duration.seconds(1)
    for _ in 0..<50 {
      fastest = min(fastest, try clock.measure { _ = try reader.snapshot() })
    }
    // Without optimisation, on a machine with other work: an optimised one takes a fraction.
    #expect(fastest < .milliseconds(20), "\(fastest)")
  }
}
