import DropLab
import Glibc

/// A UDP port in a network namespace of its own that nobody listens on: what is sent there is
/// dropped, for the reason NO_SOCKET, one drop for each datagram.
struct ClosedPort {
  private let lab: Lab
  private let socket: LabSocket

  init() throws {
    lab = try Lab()
    socket = try LabSocket(lab, lab.makeNamespace(.a), .udp)
  }

  /// Drops `count` datagrams with so many bytes of payload.
  ///
  /// Their frames, 42 bytes longer, tell them from whatever else this machine drops.
  func drop(_ count: Int, payload: Int = 100) throws {
    let counter = KernelCounter.protocolField("Udp", "NoPorts")
    guard let namespace = lab.namespace(.a) else { return }
    let end = try counter.read(in: namespace) + count
    try socket.send(to: "127.0.0.1", 9, size: payload, count: count)
    // A slow machine leaves some of them to a kernel thread.
    for _ in 0..<2000 where try counter.read(in: namespace) < end { usleep(1000) }
    // The drop comes right after the counter.
    usleep(1000)
  }

  /// Drops something at another site of the kernel: a TCP connection to a closed port.
  func dropElsewhere() throws {
    guard let namespace = lab.namespace(.a) else { return }
    try LabSocket(lab, namespace, .tcp).connect("127.0.0.1", 9)
  }
}
