import Bytes
import DropModel
import Packets

extension Dissection {
  /// Adds one packet's headers; those inside follow by themselves.
  mutating func add(_ headers: PacketHeaders, in bytes: RawSpan) {
    if let ethernet = headers.ethernet {
      add("eth.src") { $0.append(ethernet.source) }
      add("eth.dst") { $0.append(ethernet.destination) }
    }
    for tag in [headers.vlans.outer, headers.vlans.inner] {
      if let tag { add(tag.ethertype == 0x8100 ? "vlan.id" : "ieee8021ad.id", tag.identifier) }
    }
    if let arp = headers.arp {
      add("arp.opcode", arp.operation)
      add("arp.src.proto_ipv4") { $0.append(arp.sender) }
      add("arp.dst.proto_ipv4") { $0.append(arp.target) }
    }
    if let ip = headers.ip { add(ip, transport: headers.transportNumber) }
    if let tunnel = headers.tunnel { add(tunnel, headers, in: bytes) }
    addTransport(headers)
  }

  private mutating func add(_ ip: IPHeader, transport: UInt8) {
    let version = ip.source.isIPv6 ? "ipv6" : "ip"
    add("\(version).src") { $0.append(ip.source) }
    add("\(version).dst") { $0.append(ip.destination) }
    add(ip.source.isIPv6 ? "ipv6.hlim" : "ip.ttl", ip.timeToLive)
    guard !ip.source.isIPv6 else {
      add("ipv6.plen", ip.claimedLength.map { $0 - 40 } ?? 0)
      guard let fragment = ip.fragment else { return }
      // tshark counts as the header does.
      add("ipv6.fraghdr.offset", fragment.offset / 8)
      add("ipv6.fraghdr.ident", fragment.identification)
      return
    }
    add("ip.proto", transport)
    add("ip.len", ip.claimedLength ?? 0)
    add("ip.frag_offset", (ip.fragment?.offset ?? 0) / 8)
    add("ip.flags.mf", ip.fragment?.hasMore ?? false ? 1 : 0)
  }

  private mutating func addTransport(_ headers: PacketHeaders) {
    let names: [UInt8: String] = [6: "tcp", 17: "udp", 132: "sctp"]
    if let ports = headers.ports, let name = names[headers.transportNumber] {
      add("\(name).srcport", ports.source)
      add("\(name).dstport", ports.destination)
    }
    switch headers.transport {
    case .tcp(let tcp)?:
      add("tcp.flags", tcp.flags.rawValue)
      add("tcp.seq_raw", tcp.sequence)
      add("tcp.ack_raw", tcp.acknowledgment)
      add("tcp.window_size_value", tcp.window)
      add("tcp.hdr_len", tcp.length)
      if let length = headers.payloadLength { add("tcp.len", length) }
    case .udp(let udp)?: add("udp.length", udp.claimedLength ?? 0)
    case .icmp(let icmp)?:
      add(icmp.isIPv6 ? "icmpv6.type" : "icmp.type", icmp.type)
      add(icmp.isIPv6 ? "icmpv6.code" : "icmp.code", icmp.code)
      if !icmp.isIPv6, let identifier = icmp.identifier, let sequence = icmp.sequence {
        add("icmp.ident", identifier)
        add("icmp.seq", sequence)
      }
    case .igmp(let igmp)?: add("igmp.type", igmp.type)
    case .sctp(let sctp)?: add("sctp.chunk_type", sctp.firstChunk)
    case nil: break
    }
  }

  private mutating func add(_ tunnel: Tunnel, _ headers: PacketHeaders, in bytes: RawSpan) {
    switch tunnel {
    case .ipip: break
    case .gre(let key): if let key { add("gre.key", key) }
    case .vxlan(let network): add("vxlan.vni", network)
    case .geneve(let network): add("geneve.vni", network)
    case .mpls: addLabels(at: headers.networkOffset ?? 0, in: bytes)
    case .esp(let index, let sequence):
      add("esp.spi", index)
      add("esp.sequence", sequence)
    case .wireGuard(let message): add("wg.type", message.rawValue)
    }
  }

  /// Adds every label of a stack.
  private mutating func addLabels(at offset: Int, in bytes: RawSpan) {
    var reader = ByteReader(bytes)
    guard (try? reader.skip(offset)) != nil else { return }
    while let entry = try? reader.read(UInt32.self, .big) {
      add("mpls.label", entry >> 12)
      if entry & 0x100 != 0 { return }
    }
  }
}
