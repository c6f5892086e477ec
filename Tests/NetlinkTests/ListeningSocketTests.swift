import Glibc
import NetlinkLab
import Testing

@testable import Netlink

/// Sockets and addresses, from the kernel's dumps.
struct ListeningSocketTests {
  // SOCK_DIAG_BY_FAMILY's answer of 6.18 for a UDP socket on [::]:5353, with its attributes.
  private static let socket = [UInt8](
    hex: """
      70000000 1400 0200 01000000 8c000000
      0a 07 00 00                          // AF_INET6, TCP_CLOSE
      14e9 0000                            // port 5353, no peer's
      00000000000000000000000000000000     // [::]
      00000000000000000000000000000000
      02000000                             // bound to device 2
      0123456789abcdef                     // the cookie
      00000000 00000000 00000000           // timer and queues
      e8030000                             // uid 1000
      b7290000                             // inode 10679
      0500 0800 00 000000                  // INET_DIAG_SHUTDOWN
      0500 0b00 01 000000                  // INET_DIAG_SKV6ONLY
      0c00 1500 1c0f000000000000           // INET_DIAG_CGROUP_ID
      """)

  @Test func `a socket tells port, address, user, file and group`() throws {
    var bytes = Self.socket
    bytes[0] = UInt8(bytes.count)
    #expect(
      try Decoded.listener(bytes)
        == ListeningSocket(
          transport: .udp, isIPv6: true, isIPv6Only: true, port: 5353,
          address: [UInt8](repeating: 0, count: 16), uid: 1000, inode: 10679, group: 3868))
  }

  @Test func `every socket cut short is refused, or lacks only attributes`() throws {
    for count in 0..<Self.socket.count {
      var bytes = Array(Self.socket.prefix(count))
      if count >= 16 { bytes[0] = UInt8(count) }
      guard let cut = try? Decoded.listener(bytes) else { continue }
      #expect(count >= 16 + 72)
      #expect(cut.inode == 10679)
    }
  }

  // RTM_NEWADDR of a point-to-point device: ours is IFA_LOCAL, IFA_ADDRESS the peer's.
  private static let address = [UInt8](
    hex: """
      28000000 1400 0200 01000000 8c000000
      02 20 80 00 03000000
      0800 0100 0a4d0001
      0800 0200 0a4d0002
      """)

  @Test func `of a pair of addresses the local one counts`() throws {
    #expect(try Decoded.address(Self.address) == [10, 77, 0, 2])
    for count in 0..<Self.address.count {
      var bytes = Array(Self.address.prefix(count))
      if count >= 16 { bytes[0] = UInt8(count) }
      guard let cut = try? Decoded.address(bytes) else { continue }
      #expect(cut == [10, 77, 0, 1], "\(count) bytes")
    }
  }

  @Test func `the kernel lists its own addresses`() throws {
    let connection = NetlinkConnection(try KernelSocket(.route))
    #expect(try LocalAddress.all(over: connection).contains([127, 0, 0, 1]))
  }
}
