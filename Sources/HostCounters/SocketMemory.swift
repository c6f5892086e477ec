internal import Bytes
package import DropModel
internal import Glibc
package import Netlink
internal import Packets

/// A socket with the memory that it uses and the packets it lost: sock_diag(7), INET_DIAG_SKMEMINFO.
package struct SocketMemory: Equatable, Sendable {
  package enum Transport: UInt8, CaseIterable, Sendable {
    case tcp = 6
    case udp = 17
    case udplite = 136
    /// Its port is the number of the IP protocol.
    case raw = 255

    /// What ss(8) calls it.
    package var name: String { "\(self)" }
  }

  package var transport: Transport
  /// Its own address; any is 0.0.0.0 or ::.
  package var local: IPAddress
  package var localPort: UInt16
  /// The peer's; any and 0 without one.
  package var remote: IPAddress
  package var remotePort: UInt16
  /// By ss(8)'s words in capitals: "LISTEN", "ESTAB"; "UNCONN" for UDP sockets without a peer.
  package var state: String
  /// Bytes that wait to be read; of a listener, connections that wait to be accepted.
  package var receiveQueue: UInt32
  /// Bytes that wait to be sent or acknowledged; of a listener, how many connections may wait.
  package var sendQueue: UInt32
  package var uid: UInt32
  /// The inode of its file; 0 if it has none yet or any more.
  package var inode: UInt32
  /// The kernel's number of it, which no other socket ever gets.
  package var cookie: UInt64
  /// nil if the kernel did not tell.
  package var memory: SocketBuffers?

  /// "udp 10.0.0.2:53", with the peer if there is one: "tcp 10.0.0.2:53-10.0.0.9:4000".
  package var label: String {
    var text = TextBuffer(capacity: 96)
    text.append(transport.name)
    text.append(" ")
    text.append(local, port: localPort)
    if remotePort != 0 {
      text.append("-")
      text.append(remote, port: remotePort)
    }
    return text.text
  }

  /// All of a kind and version in the namespace that the connection is in, with those that are bound to a
  /// port if one is given; without those that only wait for their time to end (TIME_WAIT).
  ///
  /// Throws `refused` with ENOENT if the kernel tells nothing of this kind.
  package static func all(
    _ transport: Transport, isIPv6: Bool, port: UInt16? = nil, over connection: NetlinkConnection
  ) throws(NetlinkError) -> [SocketMemory] {
    let family = UInt8(isIPv6 ? AF_INET6 : AF_INET)
    // struct inet_diag_req_v2 in linux/inet_diag.h: memory, and all states but TCP_TIME_WAIT.
    let payload =
      [family, transport.rawValue, 1 << (UInt8(Key.memory) - 1), 0]
      + MessageWriter.bytes(of: ~UInt32(1 << 6)) + [UInt8](repeating: 0, count: 48)
    return try connection.dump(
      byFamily, payload, operation: "list the sockets of \(transport.name)"
    ) { (message) throws(NetlinkError) in
      let socket = try SocketMemory(message, transport)
      return port == nil || socket.localPort == port ? socket : nil
    }
  }

  /// `SOCK_DIAG_BY_FAMILY` in linux/sock_diag.h.
  static let byFamily: UInt16 = 20

  private enum Key { static let memory: UInt16 = 7 }

  /// Reads a `struct inet_diag_msg` and the attributes behind it.
  init(_ message: borrowing Message, _ transport: Transport) throws(NetlinkError) {
    var reader = message.payload
    self.transport = transport
    do throws(ByteReaderError) {
      let isIPv6 = try reader.read(UInt8.self) == UInt8(AF_INET6)
      state = Self.state(try reader.read(UInt8.self), transport)
      try reader.skip(2)
      localPort = try reader.read(UInt16.self, .big)
      remotePort = try reader.read(UInt16.self, .big)
      local = try Self.address(&reader, isIPv6)
      remote = try Self.address(&reader, isIPv6)
      try reader.skip(4)
      cookie = try reader.readCookie()
      try reader.skip(4)
      receiveQueue = try reader.read(UInt32.self, .host)
      sendQueue = try reader.read(UInt32.self, .host)
      uid = try reader.read(UInt32.self, .host)
      inode = try reader.read(UInt32.self, .host)
    } catch {
      throw .malformed("a socket: \(error)")
    }
    memory = nil
    var attributes = AttributeReader(reader.unread)
    while let attribute = try attributes.next() {
      if attribute.type == Key.memory { memory = try SocketBuffers(attribute) }
    }
  }

  private static func address(
    _ reader: inout ByteReader, _ isIPv6: Bool
  ) throws(ByteReaderError) -> IPAddress {
    let (high, low) = (
      try reader.read(UInt64.self, .big), try reader.read(UInt64.self, .big)
    )
    return isIPv6
      ? IPAddress(v6: high, low) : IPAddress(v4: UInt32(truncatingIfNeeded: high >> 32))
  }

  /// include/net/tcp_states.h in ss(8)'s words.
  private static func state(_ number: UInt8, _ transport: Transport) -> String {
    if number == 7, transport != .tcp { return "UNCONN" }
    return states.indices.contains(Int(number)) ? states[Int(number)] : "UNKNOWN"
  }

  private static let states = [
    "UNKNOWN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT",
    "UNCONN", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING", "NEW-SYN-RECV",
  ]
}

extension ByteReader {
  /// A socket's cookie: two words, the lower one first (sock_diag_save_cookie in net/core/sock_diag.c).
  mutating func readCookie() throws(ByteReaderError) -> UInt64 {
    let low = try read(UInt32.self, .host)
    return UInt64(try read(UInt32.self, .host)) << 32 | UInt64(low)
  }
}
