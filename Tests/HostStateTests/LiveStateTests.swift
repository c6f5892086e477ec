import DropLab
import DropModel
import Glibc
import Netlink
import Testing

@testable import HostState

/// The kernel's own state: what the lab has set.
@Suite(.serialized, .enabled(if: geteuid() == 0, "namespaces need root"))
struct LiveStateTests {
  private func connection(_ namespace: LabNamespace) throws -> NetlinkConnection {
    NetlinkConnection(try KernelSocket(.route, in: "/run/netns/" + namespace.name))
  }

  @Test func `addresses, neighbours and routes are those of the lab`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair()
    let connection = try connection(b)
    #expect(try InterfaceAddress.all(over: connection).map(\.text).contains("10.77.0.2/24"))
    let neighbour = try #require(
      try Neighbour.all(over: connection).first { $0.address == IPAddress(v4: 0x0A4D_0001) })
    #expect(neighbour.state == "PERMANENT")
    #expect(neighbour.hardwareAddress.count == 6)
    let routes = try Route.all(over: connection).filter { $0.table == 254 }
    #expect(routes.map(\.prefix).contains("10.77.0.0/24"))
    #expect(routes.allSatisfy { $0.kind == "unicast" })
  }
}
