internal import Filters

/// Expressions as people write them (pcap-filter(7)), and combinations of them.
package enum Expressions {
  /// What stands in manuals, tickets and shell histories, for the hosts and ports of `RandomPacket`.
  package static let written = [
    "ip", "ip6", "arp", "rarp", "tcp", "udp", "icmp", "icmp6", "sctp", "igmp", "ah", "esp", "pim",
    "vrrp", "port 53", "udp port 53", "udp dst port 9", "tcp dst port 443", "src port 22",
    "portrange 8000-9000", "udp portrange 1-1023", "tcp src portrange 32768-60999",
    "host 10.0.0.1", "src host 10.0.0.2", "dst host 192.168.1.1", "net 10.0.0.0/8",
    "src net 192.168.0.0/16", "dst net 172.16 mask 255.240.0.0", "host fd00::1",
    "dst host fd00::2", "net fd00::/16", "src net 2001:db8::/32", "ether host 02:00:00:00:00:01",
    "ether dst ff:ff:ff:ff:ff:ff", "ether src 02:00:00:00:00:02", "ether broadcast",
    "ether multicast", "ip multicast", "ip6 multicast", "ether proto 0x88b5", "ip proto 47",
    "ip proto \\tcp", "ip6 proto 17", "proto 50", "less 60", "greater 1000", "len == 64",
    "len > 500 and udp", "vlan", "vlan 5", "vlan and udp port 53", "vlan 100 and ip host 10.0.0.1",
    "vlan and vlan", "mpls", "mpls 1000 and ip", "pppoes", "pppoes and tcp port 80",
    "tcp[tcpflags] & tcp-syn != 0", "tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn",
    "tcp[tcpflags] == tcp-rst", "tcp[13] & 0x3f = 0x10", "ip[8] < 5", "ip[0] & 0xf > 5",
    "ip[6:2] & 0x1fff != 0", "ip[6] & 0x20 != 0", "ip[2:2] > 576", "icmp[icmptype] == icmp-echo",
    "icmp[icmptype] = icmp-unreach and icmp[icmpcode] = 3", "icmp6[0] == 135",
    "icmp[0] != 8 and icmp[0] != 0", "udp[4:2] > 100", "udp[8:4] == 0x78787878",
    "tcp[((tcp[12:1] & 0xf0) >> 2):4] == 0x47455420", "ip[ip[2:2] - 1] = 0x78",
    "ether[0] & 1 = 0 and ip[16] >= 224", "ether[12:2] <= 1500", "ip[12:4] = ip[16:4]",
    "udp[0:2] = udp[2:2]", "(ip[2:2] - ((ip[0]&0xf)<<2)) > 200", "ip[1] / 4 = 46",
    "ip[8] * 2 > 100", "ip[4:2] % 7 = 3", "len / (ip[9] - 6) > 3", "len % ip[1] = 0",
    "(ip[9] ^ 17) == 0", "-ip[8] & 0xff = 0xc0", "1 << ip[9] > 64", "len >> ip[8] = 0",
    "tcp and not port 22", "not arp and not ip6", "host 10.0.0.1 and (port 53 or port 123)",
    "host 10.0.0.1 or host 10.0.0.2 or host 192.168.1.1 or net 172.16.0.0/12",
    "port 53 or port 80 or port 443 or port 9 or port 10 or port 22 or port 123",
    "src port 53 and dst portrange 1024-65535",
    "ip6[6] == 44", "ip6[40] == 17", "ip6 and udp dst port 4789", "ip and less 46",
    "llc", "stp", "ether proto \\arp and arp[6:2] = 1", "arp[14:4] = 0x0a000001",
    "arp host 10.0.0.2", "geneve", "geneve and udp", "geneve 5 and ip host 10.0.0.1",
    "dst host 10.0.0.2 and udp[2:2] = 4789 and udp[8] & 8 != 0",
  ]

  /// The written ones, and combinations of two or three of them, `count` in all.
  ///
  /// libpcap refuses what can match nothing ("tcp and udp"): such combinations are left out.
  package static func all(
    _ count: Int, using generator: inout some RandomNumberGenerator
  ) -> [String] {
    var all = written
    while all.count < count {
      let parts = (0..<Int.random(in: 2...3, using: &generator)).map { _ in
        let part = "(\(written[Int.random(in: written.indices, using: &generator)]))"
        return Int.random(in: 0..<4, using: &generator) == 0 ? "not \(part)" : part
      }
      let word = Bool.random(using: &generator) ? " and " : " or "
      let combined = parts.joined(separator: word)
      if (try? PacketFilter(combined)) != nil { all.append(combined) }
    }
    return all
  }
}
