/// Names of protocol numbers that are interface and never change.
///
/// Sources: include/uapi/linux/if_ether.h, include/uapi/linux/in.h, include/linux/socket.h of
/// Linux 6.18; IANA's registries.
package enum ProtocolNames {
  /// What an ethertype carries: "ipv4", or "0x88b5" for one without a name here.
  package static func network(ethertype: UInt16) -> String {
    switch ethertype {
    case 0x0800: "ipv4"
    case 0x86dd: "ipv6"
    case 0x0806: "arp"
    case 0x8035: "rarp"
    case 0x8100: "vlan"
    case 0x88a8: "qinq"
    case 0x8847, 0x8848: "mpls"
    case 0x8863: "pppoe-discovery"
    case 0x8864: "pppoe"
    case 0x8809: "lacp"
    case 0x888e: "eapol"
    case 0x88cc: "lldp"
    case 0x88e5: "macsec"
    case 0x88f7: "ptp"
    case 0x8906: "fcoe"
    case 0x9000: "loopback"
    // Linux's own numbers, below the first real ethertype.
    case 0x0001: "802.3"
    case 0x0003: "all"
    case 0x0004: "802.2"
    case 0x000c: "can"
    case 0x000d: "canfd"
    default: "0x" + hexadecimal(ethertype)
    }
  }

  /// What a socket of an address family carries; nil for 0.
  package static func family(_ family: UInt8) -> String? {
    switch family {
    case 0: nil
    case 1: "unix"
    case 2: "ipv4"
    case 10: "ipv6"
    case 16: "netlink"
    case 17: "packet"
    case 21: "rds"
    case 29: "can"
    case 30: "tipc"
    case 31: "bluetooth"
    case 38: "alg"
    case 40: "vsock"
    case 42: "qipcrtr"
    case 44: "xdp"
    default: "af\(family)"
    }
  }

  /// What IP carries: "udp", or the number; nil for 255, which is reserved.
  package static func transport(_ number: UInt8) -> String? {
    switch number {
    case 0: "hopopts"
    case 1: "icmp"
    case 2: "igmp"
    case 4: "ipip"
    case 6: "tcp"
    case 17: "udp"
    case 33: "dccp"
    case 41: "ipv6"
    case 43: "routing"
    case 44: "fragment"
    case 46: "rsvp"
    case 47: "gre"
    case 50: "esp"
    case 51: "ah"
    case 58: "icmp6"
    case 59: "none"
    case 60: "dstopts"
    case 89: "ospf"
    case 103: "pim"
    case 108: "ipcomp"
    case 112: "vrrp"
    case 132: "sctp"
    case 136: "udplite"
    case 255: nil
    default: String(number)
    }
  }

  private static func hexadecimal(_ value: UInt16) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
