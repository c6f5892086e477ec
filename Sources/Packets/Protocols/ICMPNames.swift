extension ICMPHeader {
  /// What a type and code say, in tcpdump's words; nil for one without a name here.
  ///
  /// Sources: include/uapi/linux/icmp.h and icmpv6.h of Linux 6.18, IANA's registries.
  var name: StaticString? { isIPv6 ? name6 : name4 }

  private var name4: StaticString? {
    switch (type, code) {
    case (0, _): "echo reply"
    case (3, 0): "net unreachable"
    case (3, 1): "host unreachable"
    case (3, 2): "protocol unreachable"
    case (3, 3): "port unreachable"
    case (3, 4): "unreachable - need to frag"
    case (3, 5): "source route failed"
    case (3, 9), (3, 10), (3, 13): "unreachable - admin prohibited"
    case (3, _): "unreachable"
    case (4, _): "source quench"
    case (5, 0), (5, 2): "redirect net"
    case (5, 1), (5, 3): "redirect host"
    case (8, _): "echo request"
    case (9, _): "router advertisement"
    case (10, _): "router solicitation"
    case (11, 0): "time exceeded in-transit"
    case (11, 1): "ip reassembly time exceeded"
    case (12, _): "parameter problem"
    case (13, _): "time stamp query"
    case (14, _): "time stamp reply"
    case (17, _): "address mask request"
    case (18, _): "address mask reply"
    default: nil
    }
  }

  private var name6: StaticString? {
    switch (type, code) {
    case (1, 0): "net unreachable"
    case (1, 1): "unreachable - admin prohibited"
    case (1, 2): "beyond scope of source address"
    case (1, 3): "host unreachable"
    case (1, 4): "port unreachable"
    case (1, _): "unreachable"
    case (2, _): "packet too big"
    case (3, 0): "time exceeded in-transit"
    case (3, 1): "ip reassembly time exceeded"
    case (4, _): "parameter problem"
    case (128, _): "echo request"
    case (129, _): "echo reply"
    case (130, _): "multicast listener query"
    case (131, _): "multicast listener report"
    case (132, _): "multicast listener done"
    case (133, _): "router solicitation"
    case (134, _): "router advertisement"
    case (135, _): "neighbour solicitation"
    case (136, _): "neighbour advertisement"
    case (137, _): "redirect"
    case (143, _): "multicast listener report v2"
    default: nil
    }
  }

  /// The size that a packet may have at most, where a router found one too big; nil elsewhere.
  var largestPacket: UInt32? {
    guard let rest else { return nil }
    if isIPv6 { return type == 2 ? rest : nil }
    return type == 3 && code == 4 ? rest & 0xFFFF : nil
  }

  /// What comes before ``target``.
  var targetWord: StaticString {
    switch (isIPv6, type) {
    case (true, 135): " who-has "
    case (true, 136): " tgt is "
    default: " to "
    }
  }
}
