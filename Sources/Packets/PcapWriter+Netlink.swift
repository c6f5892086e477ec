package import DropModel

extension PcapWriter {
  /// Bytes of the cooked header.
  package static let cookedSize = 16

  /// Adds a netlink message behind the header that link type 253 wants, as Linux's nlmon devices
  /// make it: <https://www.tcpdump.org/linktypes/LINKTYPE_NETLINK.html>.
  ///
  /// `protocol` is NETLINK_GENERIC or another of linux/netlink.h.
  @discardableResult
  package mutating func appendNetlink(
    at time: WallTime, protocol number: UInt16, _ body: (inout [UInt8]) -> Void
  ) -> Bool {
    append(at: time) { bytes in
      // Outgoing (PACKET_OUTGOING), from a device of type ARPHRD_NETLINK without an address; all
      // of it in network byte order.
      bytes += [0, 4, 0x03, 0x38] + [UInt8](repeating: 0, count: 10)
      bytes += [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
      body(&bytes)
    }
  }
}
