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

  @Test func `a route is looked up as the kernel would decide`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b, _) = try lab.router(ipv6: true)
    try b.ip("route add prohibit 203.0.113.0/24", "route add blackhole 203.0.114.0/24")
    let connection = try connection(b)
    let (a, far) = (IPAddress(v4: 0x0A4D_0001), IPAddress(v4: 0xC633_6407))
    guard case .route(let forward) = try Route.lookup(to: far, over: connection) else {
      throw LabError("no route")
    }
    #expect(forward.gateway == IPAddress(v4: 0x0A4E_0002) && forward.table == 254)
    let incoming = try #require(
      try DeviceSettings.all(over: connection).first { $0.name == "vb" }?.device)
    guard
      case .route(let routed) = try Route.lookup(
        to: far, from: a, by: incoming, over: connection)
    else { throw LabError("no route") }
    #expect(routed.gateway == forward.gateway && routed.device == forward.device)
    guard case .route(let own) = try Route.lookup(to: IPAddress(v4: 0x0A4D_0002), over: connection)
    else { throw LabError("no route") }
    #expect(own.kind == "local")
    func refusal(_ address: UInt32) throws -> Int32? {
      guard case .refused(let code) = try Route.lookup(to: IPAddress(v4: address), over: connection)
      else { return nil }
      return code
    }
    #expect(try refusal(0xCB00_7101) == EACCES)
    #expect(try refusal(0xCB00_7201) == EINVAL)
    #expect(try refusal(0x0808_0808) == ENETUNREACH)
  }

  @Test func `policies and states of IPsec are those of the lab`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair()
    try b.ip(
      "xfrm policy add src 10.77.0.0/24 dst 10.77.0.2/32 dir in action block priority 9",
      "xfrm state allocspi src 192.0.2.1 dst 192.0.2.2 proto esp mode tunnel reqid 5 min 256 max 256"
    )
    let connection = NetlinkConnection(
      try KernelSocket(.transformation, in: "/run/netns/" + b.name))
    let policy = try #require(try SecurityPolicy.all(over: connection).first)
    #expect(policy.isBlocking && policy.direction == "in" && policy.priority == 9)
    #expect(policy.selector.text == "10.77.0.0/24 > 10.77.0.2/32")
    let association = try #require(try SecurityAssociation.all(over: connection).first)
    #expect(association.parameterIndex == 256 && association.request == 5)
  }
}
