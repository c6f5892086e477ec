internal import Bytes
internal import Netlink

/// The memory of a socket: SK_MEMINFO_* of linux/sock_diag.h, which `ss -m` shows.
package struct SocketBuffers: Equatable, Sendable {
  /// Bytes that lie in the receive buffer, with the kernel's overhead.
  package var received: UInt32
  /// How large the receive buffer may get: twice SO_RCVBUF.
  package var receiveLimit: UInt32
  /// Bytes that lie in the send buffer.
  package var sent: UInt32
  /// How large the send buffer may get.
  package var sendLimit: UInt32
  /// Bytes that it has taken in advance.
  package var reserved: UInt32
  /// Bytes of TCP that wait to be sent.
  package var queued: UInt32
  package var options: UInt32
  /// Bytes that came while somebody held the socket.
  package var backlog: UInt32
  /// Packets that it did not take, of 32 bits.
  package var drops: UInt32

  init(_ attribute: borrowing Attribute) throws(NetlinkError) {
    var reader = ByteReader(attribute.bytes)
    do throws(ByteReaderError) {
      received = try reader.read(UInt32.self, .host)
      receiveLimit = try reader.read(UInt32.self, .host)
      sent = try reader.read(UInt32.self, .host)
      sendLimit = try reader.read(UInt32.self, .host)
      reserved = try reader.read(UInt32.self, .host)
      queued = try reader.read(UInt32.self, .host)
      options = try reader.read(UInt32.self, .host)
      backlog = try reader.read(UInt32.self, .host)
      drops = try reader.read(UInt32.self, .host)
    } catch {
      throw .malformed("a socket's memory: \(error)")
    }
  }
}
