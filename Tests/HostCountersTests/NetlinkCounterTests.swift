import DropModel
import Glibc
import NetlinkLab
import Testing

@testable import HostCounters
@testable import Netlink

/// Devices, queueing disciplines and sockets, from dumps of Linux 6.18.
struct NetlinkCounterTests {
  // RTM_NEWLINK of one end of a veth pair.
  private static let link = [UInt8](
    hex: """
      3c010000 1000 0200 01000000 8c000000
      0000 0100 02000000 43100100 00000000  // Ethernet, index 2, flags
      0700 0300 763100 00                   // "v1"
      0800 0d00 e8030000                    // 1,000 packets
      0500 1000 06 000000                   // up
      0800 0400 dc050000                    // MTU 1,500
      0a00 0100 e2322f9d5b40 0000
      cc00 1700                             // struct rtnl_link_stats64:
      0800000000000000 0900000000000000 9002000000000000 9102000000000000
      0000000000000000 0000000000000000 0300000000000000 0400000000000000
      0000000000000000 0000000000000000 0000000000000000 0000000000000000
      0000000000000000 0000000000000000 0000000000000000 0000000000000000
      0000000000000000 0000000000000000 0000000000000000 0000000000000000
      0000000000000000 0000000000000000 0000000000000000 0000000000000000
      0500000000000000
      1000 1200 0900 0100 7665746800000000  // "veth"
      0800 0500 03000000                    // the other end: 3
      0c00 0600 6e6f717565756500            // "noqueue"
      """)

  // RTM_NEWQDISC of a token bucket: tc qdisc add dev v0 root tbf limit 3000.
  private static let bucket = [UInt8](
    hex: """
      bc000000 2400 0200 01000000 8c000000
      00000000 02000000 00003980 ffffffff 03000000  // index 2, 8039:, root
      0800 0100 74626600
      2c00 0200 2800 0100 00010000010000000000000a 000000000000000000000000
        b80b0000 10766c8f 00000000          // limit 3,000
      0500 0c00 00 000000
      3000 0700                             // TCA_STATS2
        1400 0100 9002000000000000 08000000 00000000
        1800 0300 01000000 2a000000 0f000000 10000000 11000000
      2c00 0300 90020000000000000800000000000000000000000000000000000000000000000000000000000000
      """)

  // Its child, which nobody has numbered.
  private static let child = [UInt8](
    hex: """
      70000000 2400 0200 01000000 8c000000
      00000000 02000000 00000000 01003980 01000000
      0a00 0100 626669666f00 0000           // "bfifo"
      0800 0200 b80b0000
      0500 0c00 00 000000
      3000 0700
        1400 0100 9002000000000000 08000000 00000000
        1800 0300 00000000 00000000 02000000 00000000 00000000
      """)

  // A UDP socket on 127.0.0.1:5300 that has lost 27 datagrams.
  private static let socket = [UInt8](
    hex: """
      a4000000 1400 0200 01000000 8c000000
      02 07 00 00 14b4 0000 7f000001 000000000000000000000000
      00000000000000000000000000000000 00000000 ae100000 00000000
      00000000 000f0000 00000000 e8030000 dfeb2300
      0500 0800 00 000000
      0800 0f00 00000000
      0c00 1500 0100000000000000
      0600 1600 5000 0000
      2800 0700 000f0000 a00f0000 00000000 00400300 00010000 00000000 00000000 00000000 1b000000
      """)

  private static let packetSocket = [UInt8](
    hex: """
      6c000000 1400 0200 01000000 8c000000
      11 03 cc88 e1eb2300 b0100000 00000000
      1c00 0000 02000000 0000000000000000 00000000 00000000 01000000
      0800 0500 00000000
      2800 0600 00000000 00400300 00000000 00400300 00000000 00000000 00000000 00000000 05000000
      """)

  // An AF_XDP socket, written after xsk_diag_fill in net/xdp/xsk_diag.c.
  private static let xdpSocket = [UInt8](
    hex: """
      60000000 1400 0200 01000000 8c000000
      2c 03 0000 e1eb2300 07000000 00000000
      0c00 0100 02000000 04000000           // index 2, queue 4
      3400 0900 0100000000000000 0200000000000000 0300000000000000
        0400000000000000 0500000000000000 0600000000000000
      """)

  private static let all = [link, bucket, child, socket, packetSocket, xdpSocket]

  @Test func `the fixtures say how long they are`() {
    for message in Self.all { #expect(Int(message[0]) | Int(message[1]) << 8 == message.count) }
  }

  @Test func `a device tells what it is and what it counted`() throws {
    let place = CounterPlace.fake(answers: [.dump(Self.link), .refusal(95)])
    let link = try #require(try place.links().first)
    #expect(link.index == 2)
    #expect(link.name == "v1")
    #expect(link.kind == "veth")
    #expect(link.isUp && link.hasCarrier)
    #expect(link.operationalState == "UP")
    #expect(link.mtu == 1500)
    #expect(link.address == [0xe2, 0x32, 0x2f, 0x9d, 0x5b, 0x40])
    #expect(link.qdisc == "noqueue")
    #expect(link.queueLength == 1000)
    #expect(link.peer == 3)
    #expect(link.peerNamespace == nil)
    #expect(link.statistics["rx_dropped"] == 3)
    #expect(link.statistics["rx_otherhost_dropped"] == 5)
    let snapshot = place.snapshot(.link)
    #expect(snapshot[CounterName(.link, "v1", "tx_bytes")] == 0x291)
    #expect(snapshot[CounterName(.link, "v1", "tx_dropped")] == 4)
    #expect(snapshot.counters.count == 25)
    #expect(snapshot.identities == [CounterOwner(family: .link, instance: "v1"): 2])
  }

  @Test func `queueing disciplines tell limits, counters and what waits`() throws {
    let place = CounterPlace.fake(answers: [.dump(Self.link), .dump(Self.bucket, Self.child)])
    let snapshot = place.snapshot(.qdisc)
    #expect(snapshot.problems.isEmpty)
    #expect(snapshot[CounterName(.qdisc, "v1 8039:", "drops")] == 15)
    #expect(snapshot[CounterName(.qdisc, "v1 8039:", "requeues")] == 16)
    #expect(snapshot[CounterName(.qdisc, "v1 8039:", "overlimits")] == 17)
    #expect(snapshot[CounterName(.qdisc, "v1 8039:", "packets")] == 8)
    #expect(snapshot[CounterName(.qdisc, "v1 8039:", "bytes")] == 656)
    #expect(snapshot[CounterName(.qdisc, "v1 0: parent 8039:1", "drops")] == 2)
    #expect(snapshot.gauges[CounterName(.qdisc, "v1 8039:", "qlen")] == 1)
    #expect(snapshot.gauges[CounterName(.qdisc, "v1 8039:", "backlog")] == 42)
    let qdiscs = try DeviceQdisc.all(
      over: CounterPlace.fake(answers: [.dump(Self.bucket, Self.child)]).connection(.route))
    #expect(qdiscs.map(\.limit) == [.bytes(3000), .bytes(3000)])
    #expect(qdiscs.map(\.qdisc.kind) == ["tbf", "bfifo"])
    #expect(qdiscs.map(\.isIngress) == [false, false])
  }

  @Test func `a dump that something changed under is made again`() throws {
    var disturbed = Self.link
    disturbed[6] |= 0x10
    let place = CounterPlace.fake(answers: [.dump(disturbed), .dump(Self.link, Self.link)])
    #expect(try place.links().count == 2)
    let restless = CounterPlace.fake(
      answers: Array(repeating: [ScriptedSocket.Event].dump(disturbed), count: 9))
    let snapshot = restless.snapshot(.link)
    #expect(snapshot.complete.isEmpty)
    #expect(snapshot.problems.first?.contains("list the network devices") == true)
  }

  /// The answers to all eight lists of sockets: UDP of IPv4 is the third.
  private func sockets(_ messages: [UInt8]...) -> [[ScriptedSocket.Event]] {
    var answers = Array(repeating: [ScriptedSocket.Event].dump(), count: 8)
    answers[2] = messages.map { .answer($0) } + [ScriptedSocket.Event].dump()
    return answers
  }

  @Test func `a socket tells its memory and what it lost`() throws {
    let place = CounterPlace.fake(answers: sockets(Self.socket))
    let found = try place.sockets(port: 5300)
    let socket = try #require(found.first)
    #expect(found.count == 1)
    #expect(socket.label == "udp 127.0.0.1:5300")
    #expect(socket.state == "UNCONN")
    #expect(socket.uid == 1000)
    #expect(socket.inode == 0x23EBDF)
    #expect(socket.receiveQueue == 3840)
    #expect(socket.memory?.received == 3840)
    #expect(socket.memory?.receiveLimit == 4000)
    #expect(socket.memory?.drops == 27)
    #expect(try CounterPlace.fake(answers: sockets(Self.socket)).sockets(port: 53).isEmpty)
  }

  @Test func `only sockets that lost something count, and those on one address have numbers`() {
    var happy = Self.socket
    happy[happy.count - 4] = 0
    #expect(
      CounterPlace.fake(answers: sockets(Self.socket)).snapshot(.socket).counters
        == [CounterName(.socket, "udp 127.0.0.1:5300", "drops"): 27])
    #expect(
      CounterPlace.fake(answers: sockets(Self.socket, happy)).snapshot(.socket).counters
        == [CounterName(.socket, "udp 127.0.0.1:5300 #2354143", "drops"): 27])
  }

  @Test func `packet sockets and AF_XDP sockets have their device's name`() {
    #expect(
      CounterPlace.fake(answers: [.dump(Self.packetSocket), .dump(Self.link)]).snapshot(.packet)
        .counters == [CounterName(.packet, "v1 0x88cc #2354145", "drops"): 5])
    let snapshot = CounterPlace.fake(answers: [.dump(Self.xdpSocket), .dump(Self.link)])
      .snapshot(.xsk)
    #expect(snapshot[CounterName(.xsk, "v1 queue 4 #2354145", "rx_dropped")] == 1)
    #expect(snapshot[CounterName(.xsk, "v1 queue 4 #2354145", "rx_ring_full")] == 3)
    #expect(snapshot[CounterName(.xsk, "v1 queue 4 #2354145", "tx_ring_empty")] == 6)
  }

  @Test func `what a kernel does not tell of is asked for once`() {
    let place = CounterPlace.fake(answers: [.refusal(ENOENT), .dump(Self.xdpSocket)])
    #expect(place.snapshot(.xsk).problems.isEmpty)
    #expect(place.missing == ["xsk_diag"])
    #expect(place.snapshot(.xsk).counters.isEmpty)
    let refused = CounterPlace.fake(answers: [.refusal(EPERM)]).snapshot(.packet)
    #expect(
      refused.problems
        == ["packet counters: cannot list the packet sockets: Operation not permitted"])
  }

  @Test func `a driver's names and values go together`() {
    let place = CounterPlace.fake(answers: [.dump(Self.link)]) { device, request in
      guard device == "v1" else { return nil }
      switch request[0] {
      case 0x37: return [UInt8](hex: "37000000 00000000 0200000000000000 02000000 00000000")
      case 0x1B:
        let names = ["rx_dropped", "  tx_errors"].flatMap { name in
          [UInt8](name.utf8) + [UInt8](repeating: 0, count: 32 - name.utf8.count)
        }
        return [UInt8](hex: "1b000000 01000000 02000000") + names
      default: return [UInt8](hex: "1d000000 02000000 0500000000000000 0600000000000000")
      }
    }
    let snapshot = place.snapshot(.ethtool)
    #expect(
      snapshot.counters == [
        CounterName(.ethtool, "v1", "rx_dropped"): 5, CounterName(.ethtool, "v1", "tx_errors"): 6,
      ])
  }

  @Test func `every message cut short is refused, or lacks only attributes`() {
    for message in Self.all {
      for count in 16..<message.count {
        var bytes = Array(message.prefix(count))
        bytes[0] = UInt8(truncatingIfNeeded: count)
        bytes[1] = UInt8(truncatingIfNeeded: count >> 8)
        let answers = Array(repeating: [ScriptedSocket.Event].dump(bytes), count: 9)
        for family in CounterFamily.allCases where family != .ethtool {
          let snapshot = CounterPlace.fake(answers: answers).snapshot(family)
          #expect(snapshot.complete.contains(family) == snapshot.problems.isEmpty)
          #expect(snapshot.counters.count <= 25)
        }
      }
    }
  }
}
