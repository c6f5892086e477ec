import DropLab
import Glibc
import Testing

/// What a quiet and healthy network drops all the time is no harm.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct BenignNoiseTests {
  @Test func `noise of many kinds at once is no harm, with status 0`() throws {
    let labs = try (0..<6).map { _ in try Lab() }
    defer { for lab in labs { lab.close() } }
    // A device of its own for each kind, so that none is another one's circumstance.
    let (bridge, scanner, pinger) = (try labs[0].pair(), try labs[1].pair(), try labs[2].pair())
    let stranger = try labs[3].pair()
    let unix = try labs[4].makeNamespace(.b)
    let fresh = (a: try labs[5].makeNamespace(.a), b: try labs[5].makeNamespace(.b))
    for namespace in [fresh.a, fresh.b] {
      try namespace.set("ipv6/conf/default/disable_ipv6", 0)
    }
    let all = [
      bridge.a, bridge.b, scanner.a, scanner.b, pinger.a, pinger.b, stranger.a, stranger.b, unix,
      fresh.a, fresh.b,
    ]
    let run = try DiagnosisRun(all.flatMap { ["--netns", $0.name] }, lingering: 300_000) {
      // Spanning tree's frames (802.2) and a switch's LLDP, for which no daemon is here.
      let frames = try PacketSender(labs[0], bridge.a, "va")
      let group = MACAddress(bytes: [1, 0x80, 0xC2, 0, 0, 0])
      let body = [UInt8](repeating: 0x42, count: 43)
      try frames.send(EthernetFrame(body, to: group, ethertype: 38).bytes, count: 4)
      try frames.send(EthernetFrame(body, to: group, ethertype: 0x88CC).bytes, count: 4)
      // A scan of closed ports.
      let scan = try LabSocket(labs[1], scanner.a, .udp).bind(.a, 40_000)
      for port in UInt16(9_000)..<9_040 { try scan.send(to: .b, port) }
      // A ping to the broadcast address, and a reply that comes too late.
      let pings = try PacketSender(labs[2], pinger.a, "va")
      let ping = IPv4Packet(1, ICMPMessage(8).bytes, to: "10.77.0.255")
      try pings.send(EthernetFrame(ping.bytes, to: .broadcast).bytes, count: 3)
      try pings.send(EthernetFrame(IPv4Packet(1, ICMPMessage(0).bytes).bytes).bytes, count: 3)
      // What a switch floods although it is for somebody else.
      let flood = try PacketSender(labs[3], stranger.a, "va")
      for port in UInt16(9_000)..<9_009 {
        let datagram = UDPDatagram { $0.destinationPort = port }
        let packet = IPv4Packet(17, datagram.bytes)
        try flood.send(EthernetFrame(packet.bytes, to: .stranger).bytes)
      }
      // A reader that goes away with messages unread.
      let (writer, reader) = (
        try LabSocket(labs[4], unix, .unixDatagram), try LabSocket(labs[4], unix, .unixDatagram)
      )
      try reader.bind(abstract: "reader")
      try writer.connect(abstract: "reader")
      for _ in 0..<5 { writer.send([1, 2, 3]) }
      reader.close()
      // A device that comes up: duplicate address detection, listener reports, router solicitations.
      try fresh.a.ip(
        "link add va type veth peer name vb netns \(fresh.b.name)", "link set va up")
      try fresh.b.ip("link set vb up")
    }
    let kinds = run.report.findings.map { "\($0.name) \($0.severity): \($0.because)" }
    #expect(run.report.verdict == "No harm found.", "\(kinds)")
    #expect(run.status == 0, "\(kinds)")
    #expect(run.report.findings.allSatisfy { $0.severity == "benign" }, "\(kinds)")
    let names = Set(run.report.findings.map(\.name))
    let expected: Set = [
      "UNHANDLED_PROTO", "NO_SOCKET", "INVALID_PROTO", "OTHERHOST", "SOCKET_CLOSE",
    ]
    #expect(names.isSuperset(of: expected), "\(kinds)")
  }
}
