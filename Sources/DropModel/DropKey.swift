/// What is counted apart from what, as the kernel's numbers: nothing here has a name yet.
package struct DropKey: Hashable, Sendable, BitwiseCopyable {
  /// The address after the call that freed the packet; 0 if unknown.
  package var site: UInt64
  /// The subsystem in the upper half, the reason in the lower, of `enum skb_drop_reason`.
  ///
  /// 0 where the kernel has no reasons (before 5.17).
  package var reason: UInt32
  /// The inode of the network namespace; 0 if it cannot be known.
  package var namespace: UInt32
  /// The device's index in that namespace; 0 if it cannot be known.
  package var interfaceIndex: UInt32
  /// The ethertype in host order; 0 if the packet has none (yet).
  package var ethertype: UInt16
  /// The IP protocol number; 255 if there is none.
  package var transport: UInt8
  /// The socket's address family where `ethertype` is 0; else 0.
  package var family: UInt8
  /// The queueing discipline that dropped it, numbered by the source (``QdiscName``); 0 if none
  /// did, or none was told.
  package var qdisc: UInt32

  package init(
    site: UInt64, reason: UInt32 = 0, namespace: UInt32 = 0, interfaceIndex: UInt32 = 0,
    ethertype: UInt16 = 0, transport: UInt8 = DropKey.noTransport, family: UInt8 = 0,
    qdisc: UInt32 = 0
  ) {
    self.site = site
    self.reason = reason
    self.namespace = namespace
    self.interfaceIndex = interfaceIndex
    self.ethertype = ethertype
    self.transport = transport
    self.family = family
    self.qdisc = qdisc
  }

  /// 255 is reserved by IANA, while 0 is the hop-by-hop options of IPv6.
  package static let noTransport: UInt8 = 255
}
