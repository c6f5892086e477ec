import CDropLab
import Glibc

/// Sends finished frames out of a device, through an AF_PACKET socket.
package struct PacketSender {
  private let descriptor: Descriptor

  /// Opens the socket in a namespace; the lab closes it.
  package init(_ lab: Lab, _ namespace: LabNamespace, _ device: String) throws {
    descriptor = lab.keep(
      try namespace.inside {
        try Descriptor(unsafe dwlab_packet_socket(device, 0), "open a packet socket on \(device)")
      })
    // Each copy must leave: the default send buffer would block a burst of a few hundred.
    try checked(
      dwlab_set_option(descriptor.number, SOL_SOCKET, SO_SNDBUFFORCE, 64 << 20),
      "enlarge the send buffer of \(device)")
  }

  /// Sends a frame `count` times, each a packet of its own.
  ///
  /// `ENOBUFS` is not an error: it is how the kernel reports that it dropped the frame.
  package func send(_ frame: [UInt8], count: Int = 1) throws {
    for _ in 0..<count {
      let sent = unsafe Glibc.send(descriptor.number, frame, frame.count, 0)
      guard sent < 0, dwlab_errno() != ENOBUFS else { continue }
      throw LabError(errnoOf: "send a frame of \(frame.count) bytes")
    }
  }
}
