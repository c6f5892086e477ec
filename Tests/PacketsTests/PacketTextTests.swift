import DropLab
import Packets
import Testing

/// Packets in one line.
struct PacketTextTests {
  /// Of crafted packets, by name.
  private static let texts: [(name: String, text: String)] = [
    (
      "IPv4 tcp 2 options 20 data 0",
      "TCP 10.77.0.1:41000 > 10.77.0.2:8080 [S] seq 1000 win 65535 "
        + "options [mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7] len 0"
    ),
    (
      "IPv4 options tcp 24 options 0 data 16",
      "TCP 10.77.0.1:41000 > 10.77.0.2:8080 [P.] seq 1000 ack 77000 win 65535 len 16"
    ),
    (
      "IPv6 tcp 16 options 32 data 0",
      "TCP [fd77::1]:41000 > [fd77::2]:8080 [.] seq 1000 ack 77000 win 65535 "
        + "options [nop,nop,TS val 7 ecr 8,nop,nop,sack 1:2 3:4] len 0"
    ),
    (
      "IPv4 tcp 0 options 0 data 0",
      "TCP 10.77.0.1:41000 > 10.77.0.2:8080 [none] seq 1000 win 65535 len 0"
    ),
    (
      "IPv4 tcp 255 options 0 data 16",
      "TCP 10.77.0.1:41000 > 10.77.0.2:8080 [FSRP.UEW] seq 1000 ack 77000 win 65535 len 16"
    ),
    ("ethernet IPv4 udp", "UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 16"),
    ("vlan IPv6 udp empty", "vlan 100 UDP [fd77::1]:40000 > [fd77::2]:9 len 0"),
    ("qinq IPv4 udp empty", "vlan 200 vlan 100 UDP 10.77.0.1:40000 > 10.77.0.2:9 len 0"),
    (
      "ethernet IPv4 icmp 8 0", "ICMP 10.77.0.1 > 10.77.0.2 echo request id 5 seq 1 len 24"
    ),
    (
      "IPv4 icmp 3 3",
      "ICMP 10.77.0.1 > 10.77.0.2 port unreachable "
        + "(UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 32) len 68"
    ),
    (
      "IPv4 icmp 3 4",
      "ICMP 10.77.0.1 > 10.77.0.2 unreachable - need to frag mtu 1400 "
        + "(UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 32) len 68"
    ),
    (
      "IPv4 icmp 3 1",
      "ICMP 10.77.0.1 > 10.77.0.2 host unreachable (TCP 10.77.0.1:41000 > 10.77.0.2:8080) len 36"
    ),
    (
      "IPv4 icmp 5 1",
      "ICMP 10.77.0.1 > 10.77.0.2 redirect host to 10.77.0.9 "
        + "(UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 32) len 36"
    ),
    (
      "IPv6 icmp6 135 0", "ICMP6 fd77::1 > fd77::2 neighbour solicitation who-has fd77::2 len 32"
    ),
    (
      "IPv6 icmp6 136 0", "ICMP6 fd77::1 > fd77::2 neighbour advertisement tgt is fd77::2 len 32"
    ),
    (
      "IPv6 icmp6 2 0",
      "ICMP6 fd77::1 > fd77::2 packet too big mtu 1280 "
        + "(UDP [fd77::1]:40000 > [fd77::2]:9000 len 32) len 88"
    ),
    ("IPv4 igmp report", "IGMP 10.77.0.1 > 10.77.0.2 v2 report 224.0.0.251 len 8"),
    ("IPv4 igmp v3 report", "IGMP 10.77.0.1 > 10.77.0.2 v3 report len 16"),
    ("IPv4 sctp init", "SCTP 10.77.0.1:1000 > 10.77.0.2:3868 [INIT] len 20"),
    ("IPv4 number 253", "IPv4 10.77.0.1 > 10.77.0.2 proto 253 len 16"),
    ("IPv6 extended number 253", "IPv6 fd77::1 > fd77::2 proto 253 len 16"),
    ("IPv4 esp", "ESP 10.77.0.1 > 10.77.0.2 spi 0x00001001 seq 7 len 40"),
    (
      "IPv4 esp in udp", "ESP 10.77.0.1:40000 > 10.77.0.2:4500 spi 0x00001001 seq 5 len 40"
    ),
    (
      "IPv4 wireguard initiation",
      "WireGuard 10.77.0.1:40000 > 10.77.0.2:51820 handshake initiation len 148"
    ),
    ("IPv6 wireguard data", "WireGuard [fd77::1]:40000 > [fd77::2]:51820 data len 48"),
    ("IPv4 fragment at 0", "UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 72 frag 1234:32@0+"),
    ("IPv4 fragment at 64", "UDP 10.77.0.1 > 10.77.0.2 frag 1234:16@64"),
    ("vlan IPv6 fragment at 32", "vlan 100 UDP fd77::1 > fd77::2 frag 99999:32@32+"),
    (
      "vxlan(IPv4 udp)",
      "VXLAN 10.77.0.1 > 10.77.0.2 vni 42: vlan 30 UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 16"
    ),
    (
      "geneve with options(IPv6 udp empty)",
      "Geneve 10.77.0.1 > 10.77.0.2 vni 43: UDP [fd77::1]:40000 > [fd77::2]:9 len 0"
    ),
    (
      "gre(IPv4 icmp 3 3)",
      "GRE 10.77.0.1 > 10.77.0.2: ICMP 10.77.0.1 > 10.77.0.2 port unreachable "
        + "(UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 32) len 68"
    ),
    (
      "gre with key(IPv4 udp)",
      "GRE 10.77.0.1 > 10.77.0.2 key 5: UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 16"
    ),
    (
      "gre with labels(IPv4 udp)",
      "GRE 10.77.0.1 > 10.77.0.2: MPLS (label 256, ttl 64) (label 272, ttl 63): "
        + "UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 16"
    ),
    (
      "ipip(IPv4 udp)",
      "IPIP 10.77.0.1 > 10.77.0.2: UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 16"
    ),
    (
      "ip6 tunnel(gre(IPv4 udp))",
      "IPIP fd77::1 > fd77::2: GRE 10.77.0.1 > 10.77.0.2: "
        + "UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 16"
    ),
    ("arp request", "ARP who-has 10.77.0.2 tell 10.77.0.1"),
    ("arp reply", "vlan 7 ARP 10.77.0.1 is-at 02:00:00:00:0a:01"),
    ("unknown ethertype", "0x88b5 02:00:00:00:0a:01 > 02:00:00:00:0b:01 len 46"),
    ("802.3", "802.3 02:00:00:00:0a:01 > 02:00:00:00:0b:01 len 38"),
  ]

  @Test(arguments: texts)
  func `a packet is told in tcpdump's words`(name: String, text: String) throws {
    let packet = try #require(CraftedPacket.all.first { $0.name == name })
    #expect(packet.text() == text)
  }

  /// Of which the headers lie, or end early.
  private static let faulty: [(name: String, bytes: [UInt8], text: String)] = [
    (
      "a length beyond the packet",
      IPv4Packet(17, UDPDatagram().bytes) { $0.claimedLength = 100 }.bytes,
      "UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 32 [40 bytes missing]"
    ),
    (
      "a datagram beyond the packet",
      IPv4Packet(17, UDPDatagram { $0.claimedLength = 50 }.bytes).bytes,
      "UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 42 [10 bytes missing]"
    ),
    (
      "a datagram shorter than its header",
      IPv4Packet(17, UDPDatagram { $0.claimedLength = 7 }.bytes).bytes,
      "UDP 10.77.0.1:40000 > 10.77.0.2:9000 [malformed]"
    ),
    (
      "a packet shorter than its header",
      IPv4Packet(17, UDPDatagram().bytes) { $0.claimedLength = 19 }.bytes,
      "UDP 10.77.0.1 > 10.77.0.2 [malformed]"
    ),
    (
      "another version", IPv4Packet(17, UDPDatagram().bytes) { $0.version = 5 }.bytes,
      "ipv4 len 60 [malformed]"
    ),
    (
      "no length, as before segmentation",
      IPv4Packet(6, TCPSegment(.ack) { $0.payload = [1, 2, 3] }.bytes) { $0.claimedLength = 0 }
        .bytes, "TCP 10.77.0.1:41000 > 10.77.0.2:8080 [.] seq 1000 ack 0 win 65535 len 3"
    ),
    (
      "a segment shorter than its header",
      IPv4Packet(6, TCPSegment(.syn) { $0.claimedHeaderWords = 4 }.bytes).bytes,
      "TCP 10.77.0.1:41000 > 10.77.0.2:8080 [S] seq 1000 win 65535 [malformed]"
    ),
    (
      "a header beyond the segment",
      IPv4Packet(6, TCPSegment(.syn) { $0.claimedHeaderWords = 6 }.bytes).bytes,
      "TCP 10.77.0.1:41000 > 10.77.0.2:8080 [S] seq 1000 win 65535 options [] [truncated]"
    ),
    (
      "an option beyond the header",
      IPv4Packet(6, TCPSegment(.syn) { $0.options = [1, 1, 8, 10] }.bytes).bytes,
      "TCP 10.77.0.1:41000 > 10.77.0.2:8080 [S] seq 1000 win 65535 "
        + "options [nop,nop,bad option] len 0"
    ),
  ]

  @Test(arguments: faulty)
  func `a header that lies is told as it stands, and marked`(
    name: String, bytes: [UInt8], text: String
  ) {
    let packet = CraftedPacket(name: name, bytes: bytes, linkType: .raw)
    #expect(packet.text() == text)
  }

  @Test(arguments: [
    (0, "ethernet [truncated]"), (13, "ethernet 02:00:00:00:0a:01 > 02:00:00:00:0b:01 [truncated]"),
    (14 + 19, "ipv4 02:00:00:00:0a:01 > 02:00:00:00:0b:01 len 48 [truncated]"),
    (14 + 20, "UDP 10.77.0.1 > 10.77.0.2 [truncated]"),
    (14 + 24, "UDP 10.77.0.1:40000 > 10.77.0.2:9000 [truncated]"),
    (14 + 28, "UDP 10.77.0.1:40000 > 10.77.0.2:9000 len 20"),
  ])
  func `a packet is told as far as it was captured`(captured: Int, text: String) {
    let frame = UDPDatagram([UInt8](repeating: 0, count: 20)).frame
    #expect(CraftedPacket(name: "", bytes: frame).text(captured: captured) == text)
  }
}
