import Bytes
import DropModel
import Packets
import Testing

@testable import Diagnosis

struct CircumstancesTests {
  /// A UDP datagram or a TCP segment over IPv4 as its bytes, from 10.0.0.1.
  static func packet(
    to address: [UInt8] = [10, 0, 0, 2], from port: UInt16 = 4000, port destination: UInt16 = 53,
    tcp flags: UInt8? = nil, payload: Int = 4
  ) -> [UInt8] {
    let size = (flags == nil ? 8 : 20) + payload
    let total = 20 + size
    var bytes: [UInt8] = [0x45, 0, UInt8(total >> 8), UInt8(total & 255), 0, 0, 0, 0, 64]
    bytes += [flags == nil ? 17 : 6, 0, 0, 10, 0, 0, 1] + address
    bytes += [
      UInt8(port >> 8), UInt8(port & 255), UInt8(destination >> 8), UInt8(destination & 255),
    ]
    if let flags {
      bytes += [0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 0, 0, 0, 0, 0, 0]
    } else {
      bytes += [UInt8(size >> 8), UInt8(size & 255), 0, 0]
    }
    return bytes + [UInt8](repeating: 0, count: payload)
  }

  static func circumstances(_ packets: [[UInt8]], state: UInt8? = nil) -> Circumstances {
    var circumstances = Circumstances(
      drop: Drop(
        reason: DropReason(subsystem: "core", name: "NO_SOCKET"),
        site: DropSite(address: 1, symbol: "ip_rcv_finish.part.0", offset: 1),
        networkProtocol: "ipv4", transport: "udp"))
    for bytes in packets {
      circumstances.profile.add(
        PacketHeaders(
          bytes.span.raw, from: .network(ethertype: 0x0800), originalLength: bytes.count),
        state: state)
    }
    circumstances.device = .veth
    circumstances.rate = 5
    circumstances.moved = ["netstat.UdpNoPorts"]
    circumstances.sysctl = { $0 == "net.ipv4.ip_forward" ? "0" : nil }
    return circumstances
  }

  /// What is asked, and whether it holds for three of four datagrams to port 53 of 10.0.0.2.
  static let questions: [(name: String, condition: Condition, holds: Bool)] = {
    func asking(_ change: (inout Condition) -> Void) -> Condition {
      var condition = Condition()
      change(&condition)
      return condition
    }
    return [
      ("site", asking { $0.sites = ["f", "ip_rcv_finish"] }, true),
      ("other site", asking { $0.sites = ["ip_rcv"] }, false),
      ("protocol", asking { $0.protocols = ["ipv4"] }, true),
      ("other transport", asking { $0.transports = ["tcp"] }, false),
      ("device", asking { $0.devices = [.loopback, .veth] }, true),
      ("other device", asking { $0.devices = [.loopback] }, false),
      ("unicast", asking { $0.destinations = [.unicast] }, true),
      ("multicast", asking { $0.destinations = [.multicast] }, false),
      ("port", asking { $0.ports = [53] }, true),
      ("rarer port", asking { $0.ports = [99] }, false),
      ("payload", asking { $0.payload = .some }, true),
      ("no payload", asking { $0.payload = Condition.Payload.none }, false),
      ("flag of no segment", asking { $0.flags = [.SYN] }, false),
      ("repeats", asking { $0.repeatsAbove = 2 }, true),
      ("more repeats", asking { $0.repeatsAbove = 3 }, false),
      ("flows", asking { $0.flowsAbove = 1 }, true),
      ("ports", asking { $0.portsAbove = 2 }, false),
      ("rate", asking { ($0.rateAbove, $0.rateBelow) = (4, 6) }, true),
      ("lower rate", asking { $0.rateBelow = 5 }, false),
      ("state", asking { $0.socketStates = ["UNCONN"] }, true),
      ("other state", asking { $0.socketStates = ["LISTEN"] }, false),
      ("counter", asking { $0.counters = ["netstat.UdpNoPorts"] }, true),
      ("still counter", asking { $0.counters = ["netstat.UdpInErrors"] }, false),
      ("sysctl", asking { $0.sysctls = ["net.ipv4.ip_forward": "0"] }, true),
      ("unknown sysctl", asking { $0.sysctls = ["net.ipv4.x": "0"] }, false),
      ("both", asking { ($0.protocols, $0.ports) = (["ipv4"], [99]) }, false),
    ]
  }()

  @Test(arguments: questions.indices)
  func `a condition holds if all of it does`(index: Int) {
    let (name, condition, holds) = Self.questions[index]
    let packets = [Self.packet(), Self.packet(), Self.packet(), Self.packet(port: 99)]
    #expect(condition.holds(in: Self.circumstances(packets, state: 7)) == holds, "\(name)")
  }

  @Test func `what packets would tell does not hold without packets`() {
    var condition = Condition()
    condition.destinations = [.unicast]
    #expect(!condition.holds(in: Self.circumstances([])))
    condition = Condition()
    condition.payload = Condition.Payload.none
    #expect(!condition.holds(in: Self.circumstances([])))
  }

  @Test func `one client that retries and a scan are told apart`() throws {
    let entry = try #require(try Knowledge.embedded.entry("NO_SOCKET"))
    func severity(_ packets: [[UInt8]]) -> Severity {
      let circumstances = Self.circumstances(packets)
      return entry.rules.first { $0.condition.holds(in: circumstances) }?.severity
        ?? entry.severity
    }
    #expect(severity((0..<30).map { Self.packet(port: 1000 + $0) }) == .benign)
    #expect(severity((0..<30).map { _ in Self.packet() }) == .harmful)
  }
}
