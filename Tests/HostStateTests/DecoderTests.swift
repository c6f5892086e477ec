import Bytes
import DropModel
import Glibc
import Netlink
import NetlinkLab
import Testing

@testable import HostState

/// What the kernel is set to, from answers of Linux 6.18.
struct DecoderTests {
  // RTM_NEWLINK of: ip link add br0 type bridge stp_state 1, with some of its settings.
  private static let bridge = [UInt8](
    hex: """
      54000000 1000 0200 01000000 00000000
      0000 0100 02000000 03100000 00000000
      0800 0300 62723000                    // "br0"
      2c00 1200
        0b00 0100 62726964676500 00         // "bridge"
        1c00 0200
          0800 0500 01000000 0500 0700 00000000 0500 2400 01000000
      """)

  // Its port: ip link set p0 type bridge_slave isolated on learning off.
  private static let port = [UInt8](
    hex: """
      7c000000 1000 0200 01000000 00000000
      0000 0100 04000000 43100100 00000000
      0700 0300 703000 00 0800 0a00 02000000   // "p0", its bridge
      4c00 1200
        0900 0100 7665746800 000000         // "veth"
        0b00 0400 62726964676500 00         // "bridge"
        3000 0500
          0500 0100 01000000 0500 0400 00000000 0500 0800 00000000 0500 0900 01000000
          0500 2100 01000000 0400 1500
      """)

  // ip link add vx0 type vxlan id 42.
  private static let vxlan = [UInt8](
    hex: """
      44000000 1000 0200 01000000 00000000
      0000 0100 05000000 02100000 00000000
      0800 0300 76783000
      1c00 1200 0a00 0100 76786c616e00 0000 0c00 0200 0800 0100 2a000000
      """)

  // XFRM_MSG_NEWPOLICY of: ip xfrm policy add src 10.0.0.0/24 dst 10.1.0.0/16 dir out priority 7
  // tmpl src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel reqid 5.
  private static let policy = [UInt8](
    hex: """
      fc000000 1300 0200 01000000 00000000
      0a010000000000000000000000000000 0a000000000000000000000000000000
      0000000000000000 0200 10 18 00000000 0000000000000000
      ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
      0000000000000000000000000000000000000000000000000000000000000000
      0000000000000000000000000000000037096b00000000000000000000000000
      07000000 01000000 01 00 00 00 00000000
      4400 0500
        c0000202000000000000000000000000 00000000 32 000000 0200 0000
        c0000201000000000000000000000000 05000000 01 00 00 00
        ffffffffffffffffffffffff
      """)

  // XFRM_MSG_NEWSA of: ip xfrm state allocspi src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel
  // reqid 5 min 0x100 max 0x100; its failures are made up.
  private static let association = [UInt8](
    hex: """
      f0000000 1000 0200 01000000 00000000
      c0000202000000000000000000000000 c0000201000000000000000000000000
      0000000000000000 0000 20 20 00000000 0000000000000000
      c0000202000000000000000000000000 00000100 32 000000
      c0000201000000000000000000000000
      ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
      00000000000000001e0000000000000000000000000000000000000000000000
      00000000000000000000000000000000b637096b000000000000000000000000
      01000000 02000000 03000000 00000000 05000000 0200 01 00 00 00000000000000
      """)

  private static let all = [bridge, port, vxlan, policy, association]

  /// Makes something of a message.
  private func read<Value>(
    _ bytes: [UInt8], _ make: (borrowing Message) throws(NetlinkError) -> Value
  ) throws -> Value {
    var reader = MessageReader(bytes.span.raw)
    let message = try reader.next()
    switch message {
    case .some(let message): return try make(message)
    case .none: throw NetlinkError.malformed("no message")
    }
  }

  @Test func `the fixtures say how long they are`() {
    for message in Self.all { #expect(Int(message[0]) | Int(message[1]) << 8 == message.count) }
  }

  @Test func `a bridge, its port and a VXLAN device tell their settings`() throws {
    let bridge = try read(Self.bridge, DeviceSettings.init)
    #expect(bridge.name == "br0" && bridge.device == 2 && bridge.port == nil)
    #expect(
      bridge.bridge
        == DeviceSettings.Bridge(
          hasSpanningTree: true, filtersVLANs: false, callsIPTables: true))
    let port = try read(Self.port, DeviceSettings.init)
    #expect(port.master == 2 && port.bridge == nil)
    #expect(port.port?.state == "listening")
    #expect(port.port?.flags == ["flood", "isolated"])
    #expect(try read(Self.vxlan, DeviceSettings.init).network == 42)
  }

  @Test func `an IPsec policy tells whom it means and what it wants`() throws {
    let policy = try read(Self.policy, SecurityPolicy.init)
    #expect(policy.selector.text == "10.0.0.0/24 > 10.1.0.0/16")
    #expect(policy.direction == "out" && !policy.isBlocking)
    #expect(policy.priority == 7 && policy.index == 1)
    let template = try #require(policy.templates.first)
    #expect(policy.templates.count == 1)
    #expect(template.transformation == "esp" && template.mode == "tunnel")
    #expect(template.source == IPAddress(v4: 0xC000_0201) && template.request == 5)
    #expect(template.destination == IPAddress(v4: 0xC000_0202))
  }

  @Test func `an IPsec state tells its ends and what failed`() throws {
    let association = try read(Self.association, SecurityAssociation.init)
    #expect(association.source == IPAddress(v4: 0xC000_0201))
    #expect(association.destination == IPAddress(v4: 0xC000_0202))
    #expect(association.parameterIndex == 0x100 && association.request == 5)
    #expect(association.transformation == "esp" && association.mode == "tunnel")
    #expect(
      association.failures
        == SecurityAssociation.Failures(replayWindow: 1, replay: 2, integrity: 3))
  }

  @Test func `every message that is cut off is refused or says less`() {
    for message in Self.all {
      for count in 16..<message.count {
        var bytes = Array(message.prefix(count))
        bytes.replaceSubrange(0..<4, with: MessageWriter.bytes(of: UInt32(count)))
        let settings = try? read(bytes, DeviceSettings.init)
        let policy = try? read(bytes, SecurityPolicy.init)
        let association = try? read(bytes, SecurityAssociation.init)
        switch message {
        case Self.policy: #expect(policy?.templates.isEmpty ?? true, "\(count)")
        case Self.association: #expect(association == nil || count >= 16 + 215, "\(count)")
        default: #expect(settings == nil || settings?.isLess == true, "\(count)")
        }
      }
    }
  }

  @Test(arguments: [
    ("10.0.0.7", "10.0.0.0", 24, true), ("10.0.1.7", "10.0.0.0", 24, false),
    ("10.0.0.7", "0.0.0.0", 0, true), ("10.0.0.7", "10.0.0.7", 32, true),
    ("10.0.0.6", "10.0.0.7", 32, false), ("fd00::1", "fd00::", 64, true),
    ("fd00:0:0:1::1", "fd00::", 64, false), ("fd00::1", "fd00::2", 127, false),
    ("fd00::3", "fd00::2", 127, true), ("fd00::1", "::", 0, true), ("10.0.0.7", "::", 0, false),
  ])
  func `an address lies in a network by its first bits`(
    address: String, network: String, length: UInt8, isIn: Bool
  ) throws {
    let (address, network) = (try Self.address(address), try Self.address(network))
    #expect(address.isIn(network, prefixLength: length) == isIn)
    #expect(IPAddress(address.bytes) == address)
  }

  private static func address(_ text: String) throws -> IPAddress {
    var bytes = [UInt8](repeating: 0, count: 16)
    let family = text.contains(":") ? AF_INET6 : AF_INET
    try #require(unsafe inet_pton(family, text, &bytes) == 1)
    return try #require(IPAddress(Array(bytes.prefix(family == AF_INET6 ? 16 : 4))))
  }

  @Test func `what sockets and fragments hold is read by protocol`() {
    var memory = ProtocolMemory()
    let text = """
      sockets: used 151
      TCP: inuse 5 orphan 0 tw 0 alloc 8 mem 1
      UDP: inuse 2 mem 3
      FRAG: inuse 4 memory 9216

      """
    let isWhole = memory.read(Array(text.utf8))
    #expect(isWhole)
    #expect(memory["TCP", "mem"] == 1 && memory["UDP", "mem"] == 3)
    #expect(memory["FRAG", "memory"] == 9216 && memory["FRAG6", "memory"] == nil)
    for text in ["TCP: inuse\n", "TCP inuse 5\n", "TCP: inuse x\n", "TCP: inuse 5"] {
      var memory = ProtocolMemory()
      let isWhole = memory.read(Array(text.utf8))
      #expect(!isWhole, "\(text)")
    }
  }
}

extension DeviceSettings {
  /// Whether something is missing of what the fixtures have.
  fileprivate var isLess: Bool {
    switch name {
    case "br0": bridge?.callsIPTables != true
    case "p0": port?.flags != ["flood", "isolated"] || device == 4
    case "vx0": network == nil
    default: true
    }
  }
}
