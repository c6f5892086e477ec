internal import Bytes
internal import DropModel

extension TextBuffer {
  /// Appends a packet of which no transport header could be read, or none that is known here:
  /// "IPv4 10.0.0.1 > 10.0.0.2 proto 253", "0x88b5 02:… > 02:…", "unix".
  mutating func appendUnknown(_ headers: PacketHeaders) {
    let title = TransportTitle(headers.transportNumber)
    guard let ip = headers.ip else { return appendUnknownNetwork(headers, title) }
    append(title?.text ?? (ip.source.isIPv6 ? "IPv6 " : "IPv4 "))
    if let ports = headers.ports {
      append(ip.source, port: ports.source)
      append(" > ")
      append(ip.destination, port: ports.destination)
    } else {
      append(ip.source)
      append(" > ")
      append(ip.destination)
    }
    guard title == nil else { return }
    append(" proto ")
    append(decimal: headers.transportNumber)
  }

  private mutating func appendUnknownNetwork(_ headers: PacketHeaders, _ title: TransportTitle?) {
    switch headers.start {
    case .ethernet where headers.networkOffset == nil: append("ethernet")
    case .unknown(_, let family, _) where headers.ethertype == 0 && title == nil:
      append(ProtocolNames.family(family) ?? "unknown")
    default:
      if let title {
        append(title.name)
      } else if headers.ethernet != nil, headers.ethertype < 0x600 {
        append("802.3")
      } else {
        append(ProtocolNames.network(ethertype: headers.ethertype))
      }
    }
    guard let ethernet = headers.ethernet else { return }
    append(" ")
    append(ethernet)
  }

  /// Appends " len 64"; of fragments " frag …", with which later ones say their length.
  mutating func appendLength(_ headers: PacketHeaders) {
    if let length = headers.payloadLength, headers.ip?.beginsTransport ?? true {
      append(" len ")
      append(decimal: length)
    }
    appendFragment(headers)
  }

  mutating func appendFragment(_ headers: PacketHeaders) {
    guard let ip = headers.ip, let fragment = ip.fragment else { return }
    append(fragment, of: ip)
  }

  /// Appends what is wrong with a packet.
  ///
  /// A quotation is cut as a rule (RFC 792), which nobody needs to be told.
  mutating func appendMarks(_ headers: PacketHeaders) {
    switch headers.ending {
    case .complete: break
    case .truncated: if !headers.isQuoted { append(" [truncated]") }
    case .malformed: append(" [malformed]")
    }
    guard headers.missing > 0, !headers.isQuoted else { return }
    append(" [")
    append(decimal: headers.missing)
    append(" bytes missing]")
  }
}

/// What a packet's text begins with where its transport header is missing.
private struct TransportTitle {
  /// With a space behind it.
  let text: StaticString
  let name: StaticString

  init?(_ number: UInt8) {
    switch number {
    case 1: (text, name) = ("ICMP ", "ICMP")
    case 2: (text, name) = ("IGMP ", "IGMP")
    case 4, 41: (text, name) = ("IPIP ", "IPIP")
    case 6: (text, name) = ("TCP ", "TCP")
    case 17: (text, name) = ("UDP ", "UDP")
    case 47: (text, name) = ("GRE ", "GRE")
    case 50: (text, name) = ("ESP ", "ESP")
    case 58: (text, name) = ("ICMP6 ", "ICMP6")
    case 132: (text, name) = ("SCTP ", "SCTP")
    default: return nil
    }
  }
}
