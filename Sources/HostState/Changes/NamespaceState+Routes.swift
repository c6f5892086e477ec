internal import Bytes
internal import DropModel
internal import Netlink
internal import Packets

extension NamespaceState {
  /// RTM_NEWROUTE and RTM_DELROUTE, without those that follow from an address or from one packet.
  func applyRoute(_ message: borrowing Message) throws(NetlinkError) -> Changes {
    guard let route = try Route(message), route.table != 255, !Self.isCloned(message) else {
      return []
    }
    let happened =
      if message.header.type == Route.deleted {
        "removed"
      } else {
        message.header.flags & MessageHeader.Flag.replace != 0 ? "replaced" : "added"
      }
    return [(.route, "\(text(route)) \(happened)")]
  }

  /// RTM_F_CLONED: the kernel's memory of one destination.
  private static func isCloned(_ message: borrowing Message) -> Bool {
    var reader = message.payload
    guard (try? reader.skip(8)) != nil, let flags: UInt32 = try? reader.read(.host) else {
      return false
    }
    return flags & 0x200 != 0
  }

  /// "route 10.0.0.0/24 via 10.0.0.1 by eth0", "blackhole route default in table 100".
  private func text(_ route: Route) -> String {
    var text = TextBuffer(capacity: 96)
    if route.kind != "unicast" {
      text.append(route.kind)
      text.append(" ")
    }
    text.append("route ")
    text.append(route.prefix)
    if let gateway = route.gateway {
      text.append(" via ")
      text.append(gateway)
    }
    if let device = route.device { text.append(" by \(name(device))") }
    if route.table != 254 { text.append(" in table \(route.table)") }
    return text.text
  }
}
