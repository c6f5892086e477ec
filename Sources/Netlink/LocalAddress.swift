internal import Bytes
internal import Glibc

/// An address that a namespace has: rtnetlink(7).
package enum LocalAddress {
  /// `RTM_GETADDR` in linux/rtnetlink.h.
  private static let get: UInt16 = 22

  private enum Key {
    static let address: UInt16 = 1
    static let local: UInt16 = 2
  }

  /// All addresses of the namespace that the connection is in, 4 or 16 bytes each.
  package static func all(over connection: NetlinkConnection) throws(NetlinkError) -> [[UInt8]] {
    var addresses: [[UInt8]] = []
    // struct ifaddrmsg in linux/if_addr.h: of any family, on any device.
    let request = MessageWriter(
      type: get, flags: MessageHeader.Flag.request | MessageHeader.Flag.dump,
      sequence: connection.nextSequence(), payload: [UInt8](repeating: 0, count: 8))
    try connection.request(request, operation: "list the addresses") {
      (message) throws(NetlinkError) in
      if let address = try read(message) { addresses.append(address) }
    }
    return addresses
  }

  /// Reads a `struct ifaddrmsg` and the attributes behind it; nil if it holds no address.
  static func read(_ message: borrowing Message) throws(NetlinkError) -> [UInt8]? {
    var reader = message.payload
    do throws(ByteReaderError) {
      try reader.skip(8)
    } catch {
      throw .malformed("an address: \(error)")
    }
    var address: [UInt8]?
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      // On a point-to-point device `address` is the peer's, and only `local` is ours.
      switch attribute.type {
      case Key.local: address = [UInt8](attribute.bytes)
      case Key.address: address = address ?? [UInt8](attribute.bytes)
      default: continue
      }
    }
    return address
  }
}
