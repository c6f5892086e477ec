extension Packet {
  /// Which way a packet was going.
  package enum Direction: String, Sendable {
    /// It came in by a device.
    case receive
    /// It was on its way out: made here, or forwarded.
    case transmit
    /// It never leaves the machine: a UNIX or netlink socket's, or over loopback.
    case local
    /// The kernel does not tell.
    case unknown
  }

  /// Which way it was going, as far as the kernel's numbers tell: `skb_iif` is set when a packet
  /// comes in (`__netif_receive_skb_core` in net/core/dev.c), and a link header is put on last.
  package var direction: Direction {
    // In every namespace loopback is the first device.
    if key.interfaceIndex == 1 || ingressIndex == 1 { return .local }
    if ingressIndex != 0 {
      return key.interfaceIndex == 0 || key.interfaceIndex == ingressIndex ? .receive : .transmit
    }
    if key.ethertype == 0 { return key.family == 0 ? .unknown : .local }
    if let owner { return owner.isReceiver ? .receive : .transmit }
    return hasLinkHeader ? .unknown : .transmit
  }
}
