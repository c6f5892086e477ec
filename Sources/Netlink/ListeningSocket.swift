internal import Bytes
internal import Glibc

/// A socket that waits for whoever comes: sock_diag(7).
package struct ListeningSocket: Equatable, Sendable {
  package enum Transport: UInt8, CaseIterable, Sendable {
    case tcp = 6
    case udp = 17

    /// The states that are asked for, a bit each (include/net/tcp_states.h): TCP_LISTEN; for UDP
    /// TCP_CLOSE, which is every socket without a peer.
    fileprivate var states: UInt32 { self == .tcp ? 1 << 10 : 1 << 7 }
  }

  package var transport: Transport
  /// Whether it is an IPv6 socket, which takes IPv4 as well unless ``isIPv6Only``.
  package var isIPv6: Bool
  package var isIPv6Only: Bool
  package var port: UInt16
  /// Its address, 16 bytes in network order, of which IPv4 takes the first 4; all 0 for any.
  package var address: [UInt8]
  /// The user id of who made it.
  package var uid: UInt32
  /// The inode of its file.
  package var inode: UInt64
  /// The inode of its control group; 0 before 5.10, which does not tell.
  package var group: UInt64

  package init(
    transport: Transport, isIPv6: Bool, isIPv6Only: Bool = false, port: UInt16, address: [UInt8],
    uid: UInt32, inode: UInt64, group: UInt64 = 0
  ) {
    self.transport = transport
    self.isIPv6 = isIPv6
    self.isIPv6Only = isIPv6Only
    self.port = port
    self.address = address
    self.uid = uid
    self.inode = inode
    self.group = group
  }

  /// `SOCK_DIAG_BY_FAMILY` in linux/sock_diag.h.
  private static let byFamily: UInt16 = 20

  private enum Key {
    static let isIPv6Only: UInt16 = 11
    static let group: UInt16 = 21
  }

  /// All of one kind in the namespace that the connection is in.
  ///
  /// The kernel loads what tells of them (tcp_diag, udp_diag), if it can.
  package static func all(
    _ transport: Transport, isIPv6: Bool, over connection: NetlinkConnection
  ) throws(NetlinkError) -> [ListeningSocket] {
    var sockets: [ListeningSocket] = []
    let family = UInt8(isIPv6 ? AF_INET6 : AF_INET)
    // struct inet_diag_req_v2 in linux/inet_diag.h; nothing is asked for of a single socket.
    let request = MessageWriter(
      type: byFamily, flags: MessageHeader.Flag.request | MessageHeader.Flag.dump,
      sequence: connection.nextSequence(),
      payload: [family, transport.rawValue, 0, 0] + MessageWriter.bytes(of: transport.states)
        + [UInt8](repeating: 0, count: 48))
    try connection.request(request, operation: "list the sockets that listen") {
      (message) throws(NetlinkError) in
      sockets.append(try ListeningSocket(message, transport: transport))
    }
    return sockets
  }

  /// Reads a `struct inet_diag_msg` and the attributes behind it.
  init(_ message: borrowing Message, transport: Transport) throws(NetlinkError) {
    var reader = message.payload
    do throws(ByteReaderError) {
      isIPv6 = try reader.read(UInt8.self) == UInt8(AF_INET6)
      try reader.skip(3)
      port = try reader.read(UInt16.self, .big)
      try reader.skip(2)
      address = [UInt8](try reader.readBytes(16))
      // The peer, the device, the cookie; the timer and both queues.
      try reader.skip(16 + 4 + 8 + 4 + 4 + 4)
      uid = try reader.read(UInt32.self, .host)
      inode = UInt64(try reader.read(UInt32.self, .host))
    } catch {
      throw .malformed("a socket: \(error)")
    }
    self.transport = transport
    isIPv6Only = false
    group = 0
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      switch attribute.type {
      case Key.isIPv6Only: isIPv6Only = try attribute.integer(UInt8.self) != 0
      case Key.group: group = try attribute.integer()
      default: continue
      }
    }
  }
}
