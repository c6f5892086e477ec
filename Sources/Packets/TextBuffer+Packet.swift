package import Bytes
internal import DropModel

extension TextBuffer {
  /// Appends a packet in one line, in tcpdump's words; `bytes` are those that were decoded.
  ///
  /// "UDP 10.0.0.1:4242 > 10.0.0.2:9 len 0", "VXLAN 10.0.0.1 > 10.0.0.2 vni 42: UDP …". Allocates
  /// nothing. What is in the headers is told even if it cannot be true. Marks follow it:
  /// `[truncated]` and `[malformed]` for ``PacketHeaders/Ending``, `[8 bytes missing]` for
  /// ``PacketHeaders/missing``.
  package mutating func append(_ headers: PacketHeaders, in bytes: RawSpan) {
    append(headers.vlans)
    if let arp = headers.arp {
      append(arp)
    } else if let tunnel = headers.tunnel {
      return append(tunnel, headers, in: bytes)
    } else {
      appendTransport(headers, in: bytes)
      appendLength(headers)
    }
    appendMarks(headers)
  }

  private mutating func appendTransport(_ headers: PacketHeaders, in bytes: RawSpan) {
    switch headers.transport {
    case .tcp(let tcp)?:
      append("TCP ")
      appendEnds(headers)
      append(" ")
      append(tcp, at: headers.transportOffset ?? 0, in: bytes)
    case .udp?:
      append("UDP ")
      appendEnds(headers)
    case .icmp(let icmp)?:
      append(icmp.isIPv6 ? "ICMP6 " : "ICMP ")
      appendEnds(headers)
      append(" ")
      append(icmp)
      appendQuotation(headers, in: bytes)
    case .igmp(let igmp)?:
      append("IGMP ")
      appendEnds(headers)
      append(" ")
      append(igmp)
    case .sctp(let sctp)?:
      append("SCTP ")
      appendEnds(headers)
      append(" ")
      append(sctp)
    case nil:
      appendUnknown(headers)
    }
  }

  /// Appends " (UDP 10.0.0.1:4242 > 10.0.0.2:9 len 0)", if the message quotes a packet.
  private mutating func appendQuotation(_ headers: PacketHeaders, in bytes: RawSpan) {
    guard let inner = headers.inner, inner.offset < bytes.byteCount,
      let quoted = headers.inner(in: bytes)
    else { return }
    append(" (")
    append(quoted, in: bytes)
    append(")")
  }

  /// Appends what carries another packet, and that packet behind a colon.
  private mutating func append(_ tunnel: Tunnel, _ headers: PacketHeaders, in bytes: RawSpan) {
    append(tunnel.title)
    switch tunnel {
    case .vxlan, .geneve, .gre, .ipip: appendEnds(headers, withPorts: false)
    case .esp, .wireGuard: appendEnds(headers)
    case .mpls: append(labelsAt: headers.networkOffset ?? 0, in: bytes)
    }
    appendDetails(tunnel)
    guard headers.inner != nil else {
      appendLength(headers)
      return appendMarks(headers)
    }
    appendFragment(headers)
    appendMarks(headers)
    append(": ")
    if let inner = headers.inner(in: bytes) {
      append(inner, in: bytes)
    } else {
      append("[nested too deep]")
    }
  }

  private mutating func appendDetails(_ tunnel: Tunnel) {
    switch tunnel {
    case .vxlan(let network), .geneve(let network):
      append(" vni ")
      append(decimal: network)
    case .gre(let key?):
      append(" key ")
      append(decimal: key)
    case .esp(let index, let sequence):
      append(" spi ")
      append(hex: UInt64(index), digits: 8, prefixed: true)
      append(" seq ")
      append(decimal: sequence)
    case .wireGuard(let message):
      append(" ")
      append(message.name)
    case .gre(nil), .ipip, .mpls: break
    }
  }

  /// Appends "SOURCE > DESTINATION", with ports if there are any; `*` is an address that is not
  /// there yet.
  private mutating func appendEnds(_ headers: PacketHeaders, withPorts: Bool = true) {
    guard withPorts, let ports = headers.ports else {
      guard let ip = headers.ip else { return append("* > *") }
      append(ip.source)
      append(" > ")
      return append(ip.destination)
    }
    guard let ip = headers.ip else {
      append("*:")
      append(decimal: ports.source)
      append(" > *:")
      return append(decimal: ports.destination)
    }
    append(ip.source, port: ports.source)
    append(" > ")
    append(ip.destination, port: ports.destination)
  }
}

extension Tunnel {
  /// What its text begins with.
  fileprivate var title: StaticString {
    switch self {
    case .ipip: "IPIP "
    case .gre: "GRE "
    case .vxlan: "VXLAN "
    case .geneve: "Geneve "
    case .mpls: "MPLS "
    case .esp: "ESP "
    case .wireGuard: "WireGuard "
    }
  }
}
