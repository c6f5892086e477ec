internal import Bytes
package import DropModel
internal import Glibc
internal import HostCounters
package import Netlink

/// What IPsec is to do with packets: an entry of `ip xfrm policy`, `XFRM_MSG_GETPOLICY`.
package struct SecurityPolicy: Equatable, Sendable {
  package var selector: TrafficSelector
  /// By ip-xfrm(8)'s words: "in", "out", "fwd".
  package var direction: String
  /// Whether it lets nothing pass.
  package var isBlocking: Bool
  /// The lowest decides.
  package var priority: UInt32
  /// Its number among policies.
  package var index: UInt32
  /// What a packet must have gone through, or has to go through; empty for clear text.
  package var templates: [Template]

  /// A transformation: `struct xfrm_user_tmpl` in linux/xfrm.h.
  package struct Template: Equatable, Sendable {
    /// "esp", "ah", or the number of another IP protocol.
    package var transformation: String
    package var mode: String
    /// The ends of the tunnel; any if unspecified.
    package var source: IPAddress
    package var destination: IPAddress
    /// What ties it to states; 0 if any will do.
    package var request: UInt32
  }

  /// All of the namespace that the connection, of ``KernelSocket/Network/transformation``, is in.
  package static func all(
    over connection: NetlinkConnection
  ) throws(NetlinkError) -> [SecurityPolicy] {
    // struct xfrm_userpolicy_id in linux/xfrm.h.
    try connection.dump(
      get, [UInt8](repeating: 0, count: 64), operation: "list the IPsec policies"
    ) { (message) throws(NetlinkError) in
      message.header.type == new ? try SecurityPolicy(message) : nil
    }
  }

  /// `XFRM_MSG_NEWPOLICY` and `XFRM_MSG_GETPOLICY` in linux/xfrm.h.
  private static let (new, get): (UInt16, UInt16) = (19, 21)

  /// XFRMA_TMPL.
  private static let templates: UInt16 = 5

  /// Reads a `struct xfrm_userpolicy_info` and the attributes behind it.
  package init(_ message: borrowing Message) throws(NetlinkError) {
    var reader = message.payload
    do throws(ByteReaderError) {
      selector = try TrafficSelector(&reader)
      // Limits of 64 bytes, and what they limit, of 32.
      try reader.skip(96)
      priority = try reader.read(UInt32.self, .host)
      index = try reader.read(UInt32.self, .host)
      let direction = Int(try reader.read(UInt8.self))
      self.direction =
        Self.directions.indices.contains(direction) ? Self.directions[direction] : "socket"
      isBlocking = try reader.read(UInt8.self) == 1
      // Two bytes more, and padding to eight.
      try reader.skip(6)
    } catch {
      throw .malformed("an IPsec policy: \(error)")
    }
    templates = []
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      guard attribute.type == Self.templates else { continue }
      var list = ByteReader(attribute.bytes)
      do throws(ByteReaderError) {
        while !list.isAtEnd { templates.append(try Template(&list)) }
      } catch {
        throw .malformed("the templates of an IPsec policy: \(error)")
      }
    }
  }

  /// XFRM_POLICY_* of linux/xfrm.h; sockets' own come after.
  private static let directions = ["in", "out", "fwd"]
}

extension SecurityPolicy.Template {
  fileprivate init(_ reader: inout ByteReader) throws(ByteReaderError) {
    let addresses = try reader.readReader(16)
    // The SPI, which no template has.
    try reader.skip(4)
    transformation = SecurityAssociation.transformation(try reader.read(UInt8.self))
    try reader.skip(3)
    let isIPv6 = try reader.read(UInt16.self, .host) == UInt16(AF_INET6)
    try reader.skip(2)
    var target = addresses
    destination = try target.readAddress(isIPv6)
    source = try reader.readAddress(isIPv6)
    request = try reader.read(UInt32.self, .host)
    mode = SecurityAssociation.mode(try reader.read(UInt8.self))
    // Shared or not, optional or not, and which algorithms are allowed.
    try reader.skip(15)
  }
}
