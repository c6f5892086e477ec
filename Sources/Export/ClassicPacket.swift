package import Bytes
package import DropModel

/// A packet as the original's packet mode shows it, everything named.
package struct ClassicPacket: Sendable {
  package var site: DropSite
  /// The index of the device it arrived on; 0 if it did not arrive.
  package var ingressIndex: UInt32
  /// Its name; nil if the kernel did not tell, or there is none.
  package var ingressName: String?
  /// The second of its time, in words; see ``WallTime/localDate``.
  package var date: String
  /// The rest of its time, below a second.
  package var nanoseconds: Int64
  package var ethertype: UInt16
  /// Its length from the link header on; 0 if it is not known.
  package var originalLength: UInt32
  /// Bytes that packets are truncated to; 0 if they are not.
  package var truncation: UInt32
  /// The reason's name; nil on a kernel that gives none.
  package var reason: String?

  package init(
    site: DropSite, ingressIndex: UInt32, ingressName: String? = nil, date: String,
    nanoseconds: Int64, ethertype: UInt16,
    originalLength: UInt32, truncation: UInt32, reason: String?
  ) {
    self.site = site
    self.ingressIndex = ingressIndex
    self.ingressName = ingressName
    self.date = date
    self.nanoseconds = nanoseconds
    self.ethertype = ethertype
    self.originalLength = originalLength
    self.truncation = truncation
    self.reason = reason
  }

  /// Its length after truncation, as NET_DM computes it (net_dm_packet_report in
  /// net/core/drop_monitor.c): what a netlink attribute can hold is the limit in any case.
  package var length: UInt32 {
    let whole = min(originalLength, Self.longestAttribute)
    return truncation == 0 ? whole : min(whole, truncation)
  }

  /// NET_DM_MAX_PACKET_SIZE: 0xffff less a header and its alignment.
  private static let longestAttribute: UInt32 = 0xffff - 4 - 4
}

extension TextBuffer {
  /// Appends the original's block for a packet, with the blank line that ends it.
  package mutating func append(classic packet: ClassicPacket) {
    append("drop at: ")
    if let trap = packet.site.trap {
      append(trap.name)
      append(" (")
      append(trap.group ?? "?")
      append(")\norigin: hardware\n")
    } else {
      append(kernelNotation: packet.site)
      append(" (")
      append(hex: packet.site.address, prefixed: true)
      append(")\norigin: software\n")
    }
    if packet.ingressIndex != 0 {
      append("input port ifindex: ")
      append(decimal: packet.ingressIndex)
      append("\n")
    }
    if let name = packet.ingressName {
      append("input port name: ")
      append(name)
      append("\n")
    }
    append("timestamp: ")
    append(packet.date)
    append(" ")
    append(padded: UInt64(packet.nanoseconds), digits: 9)
    append(" nsec\nprotocol: ")
    append(hex: UInt64(packet.ethertype), prefixed: true)
    append("\n")
    if packet.originalLength != 0 {
      append("length: ")
      append(decimal: packet.length)
      append("\noriginal length: ")
      append(decimal: packet.originalLength)
      append("\n")
    }
    if let reason = packet.reason, packet.site.trap == nil {
      append("drop reason: ")
      append(reason)
      append("\n")
    }
    append("\n")
  }

  /// Appends a site as the kernel's `%pS`: "nft_do_chain+0x459/0x770 [nf_tables]", or its address.
  private mutating func append(kernelNotation site: DropSite) {
    guard let symbol = site.symbol else { return append(hex: site.address, prefixed: true) }
    append(symbol)
    append("+")
    append(hex: site.offset, prefixed: true)
    if site.size > 0 {
      append("/")
      append(hex: site.size, prefixed: true)
    }
    guard let module = site.module else { return }
    append(" [")
    append(module)
    append("]")
  }
}
