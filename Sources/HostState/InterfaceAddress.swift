internal import Bytes
package import DropModel
internal import HostCounters
package import Netlink
internal import Packets

/// An address that a device has: rtnetlink(7), `RTM_GETADDR`.
package struct InterfaceAddress: Hashable, Sendable {
  /// The index of its device.
  package var device: UInt32
  package var address: IPAddress
  package var prefixLength: UInt8
  /// rtnetlink(7)'s scope: 0 global, 253 link, 254 host.
  package var scope: UInt8
  /// IFA_F_* of linux/if_addr.h.
  package var flags: UInt32

  /// "10.0.0.2/24".
  package var text: String { "\(address.text)/\(prefixLength)" }

  /// All of the namespace that the connection is in.
  package static func all(
    over connection: NetlinkConnection
  ) throws(NetlinkError) -> [InterfaceAddress] {
    // struct ifaddrmsg in linux/if_addr.h: of any family.
    try connection.dump(
      get, [UInt8](repeating: 0, count: 8), operation: "list the addresses"
    ) { (message) throws(NetlinkError) in
      message.header.type == new ? try InterfaceAddress(message) : nil
    }
  }

  /// `RTM_NEWADDR`, `RTM_DELADDR` and `RTM_GETADDR` in linux/rtnetlink.h.
  package static let (new, deleted, get): (UInt16, UInt16, UInt16) = (20, 21, 22)

  /// IFA_* of linux/if_addr.h.
  private enum Key {
    static let address: UInt16 = 1
    static let local: UInt16 = 2
    static let flags: UInt16 = 8
  }

  /// Reads a `struct ifaddrmsg` and the attributes behind it; nil if it is of neither IP version.
  package init?(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    do throws(ByteReaderError) {
      try reader.skip(1)
      prefixLength = try reader.read(UInt8.self)
      flags = UInt32(try reader.read(UInt8.self))
      scope = try reader.read(UInt8.self)
      device = try reader.read(UInt32.self, .host)
    } catch {
      throw .malformed("an address: \(error)")
    }
    var own: IPAddress?
    var peer: IPAddress?
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      // On a link between two, this is the other end's and the next one our own.
      case Key.address: peer = IPAddress([UInt8](attribute.bytes))
      case Key.local: own = IPAddress([UInt8](attribute.bytes))
      case Key.flags: flags = try attribute.integer()
      default: continue
      }
    }
    guard let address = own ?? peer else { return nil }
    self.address = address
  }
}
