internal import CLinux
internal import Glibc

/// A netlink socket of the kernel's: netlink(7).
package final class KernelSocket: NetlinkSocket {
  /// Protocols: linux/netlink.h.
  package enum Network: Int32 {
    case route = 0
    case socketDiagnosis = 4
    /// IPsec: NETLINK_XFRM.
    case transformation = 6
    case netfilter = 12
    case generic = 16
  }

  package let port: UInt32
  /// For poll(2): readable when a datagram waits.
  package let descriptor: Int32
  /// The last datagram that another process has sent to this port or its group, which takes
  /// CAP_NET_ADMIN; nil if none has.
  package private(set) var foreignDatagram: [UInt8]?
  /// Reused for every datagram: the kernel sends none that is longer, but for dumps of a size that
  /// the reader's buffer asks for (netlink_recvmsg in net/netlink/af_netlink.c).
  private var buffer: [UInt8]

  /// `namespace` is the file of the network namespace that it is to be in; nil for this thread's.
  ///
  /// A datagram may have `room` bytes, which is how much memory the socket takes.
  package init(
    _ network: Network, in namespace: String? = nil, room: Int = 1 << 17
  ) throws(NetlinkError) {
    buffer = [UInt8](repeating: 0, count: room)
    var port: UInt32 = 0
    let operation = "open a netlink socket"
    descriptor = try inNamespace(namespace, { .system(operation: operation, code: $0) }) {
      () throws(NetlinkError) in
      let descriptor = unsafe clinux_netlink_open(network.rawValue, &port)
      guard descriptor >= 0 else { throw .system(operation: operation, code: errno) }
      return descriptor
    }
    self.port = port
  }

  deinit { close(descriptor) }

  package func send(_ bytes: [UInt8]) throws(NetlinkError) {
    guard unsafe clinux_netlink_send(descriptor, bytes, UInt(bytes.count)) == 0 else {
      throw .system(operation: "send a netlink message", code: errno)
    }
  }

  package func receive(within time: Duration) throws(NetlinkError) -> Datagram? {
    guard time == .zero || wait(time) else { return nil }
    while true {
      var sender: UInt32 = 0
      let length = unsafe clinux_netlink_receive(
        descriptor, &buffer, UInt(buffer.count), &sender)
      if length < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN { return nil }
        throw .system(operation: "receive a netlink message", code: errno)
      }
      let size = min(length, buffer.count)
      // Other processes may send here; what they say is none of the kernel's answers.
      guard sender == 0 else {
        foreignDatagram = Array(buffer[..<size])
        continue
      }
      return Datagram(bytes: Array(buffer[..<size]), isTruncated: length > buffer.count)
    }
  }

  /// Joins a multicast group, by its number.
  package func join(group: UInt32, named name: String) throws(NetlinkError) {
    guard clinux_netlink_join(descriptor, group) == 0 else {
      throw .system(operation: "join the multicast group \(name)", code: errno)
    }
  }

  /// Sends whole messages to all other members of a multicast group, by its number up to 32; takes
  /// CAP_NET_ADMIN.
  ///
  /// The kernel gets them too (netlink_sendmsg in net/netlink/af_netlink.c): send what it ignores.
  package func broadcast(_ bytes: [UInt8], group: UInt32) throws(NetlinkError) {
    guard unsafe clinux_netlink_broadcast(descriptor, bytes, UInt(bytes.count), group) == 0 else {
      throw .system(operation: "send to the multicast group \(group)", code: errno)
    }
  }

  /// Makes the receive buffer so large, beyond the system's limit with CAP_NET_ADMIN; returns what
  /// it is then, twice what is asked for, since the kernel counts its own overhead (socket(7)).
  package func enlargeReceiveBuffer(to bytes: Int32) -> Int {
    Int(clinux_receive_buffer(descriptor, bytes))
  }

  /// How many messages there was no room for since the socket was made; nil before 4.12.
  package var drops: UInt64? {
    var drops: UInt32 = 0
    return unsafe clinux_socket_drops(descriptor, &drops) == 0 ? UInt64(drops) : nil
  }

  private func wait(_ time: Duration) -> Bool {
    let (seconds, attoseconds) = time.components
    var request = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    let timeout = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    return unsafe clinux_poll(&request, 1, timeout) > 0
  }
}
