import DropLab
import DropModel
import Glibc
import Testing

@testable import KernelNames

/// Owners of real sockets, and who listens where.
@Suite(.serialized, .enabled(if: geteuid() == 0, "making namespaces and control groups needs root"))
struct OwnerNamesTests {
  @Test func `a socket is owned by its user, its control group and the process that holds it`()
    throws
  {
    let lab = try Lab()
    defer { lab.close() }
    let group = try ControlGroup(in: lab)
    let (a, _) = try lab.pair()
    let socket = try group.inside { try LabSocket(lab, a, .udp).bind(.a, 40_000) }
    var names = OwnerNames()
    let owner = names.owner(of: try socketOwner(socket, in: group))
    #expect(owner.uid == 0)
    #expect(owner.user == "root")
    #expect(owner.cgroup == group.path)
    #expect(owner.unit == nil)
    #expect(owner.pid == getpid())
    #expect(owner.command == ProcessFolder(getpid()).command)
    #expect(!owner.isInferred)
  }

  @Test func `a process outside of the socket's control group is found as well`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let group = try ControlGroup(in: lab)
    let (a, _) = try lab.pair()
    let socket = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    var names = OwnerNames()
    #expect(names.owner(of: try socketOwner(socket, in: group)).pid == getpid())
  }

  @Test func `what nobody holds has no process, and is asked for again after a refresh`() throws {
    var names = OwnerNames()
    let unknown = SocketOwner(
      uid: 4_294_967_294, cgroup: 1 << 40, inode: 1 << 60, cookie: 0, family: 2, transport: 17,
      state: 0, isReceiver: false)
    for _ in 0..<2 {
      #expect(names.owner(of: unknown) == Owner(uid: 4_294_967_294))
      names.refresh()
    }
  }

  @Test func `a group that came since the last refresh is found after the next`() throws {
    var groups = ControlGroups()
    #expect(groups.path(of: 1 << 40) == nil)
    let lab = try Lab()
    defer { lab.close() }
    let group = try ControlGroup(in: lab)
    let inode = UInt64(try KernelFile.inode(of: group.folder))
    #expect(groups.path(of: inode) == nil)
    groups.refresh()
    #expect(groups.path(of: inode) == group.path)
    lab.close()
    groups.refresh()
    #expect(groups.path(of: inode) == group.path)
  }

  @Test func `no time to look means no process, not a wait`() throws {
    var holders = SocketHolders(patience: .zero)
    #expect(holders.holder(of: 1, in: nil) == nil)
  }

  @Test func `a search that time is too short for goes on at the next refresh`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, _) = try lab.pair()
    let socket = try LabSocket(lab, a, .udp).bind(.a, 40_000)
    var status = stat()
    try #require(unsafe fstat(socket.descriptor.number, &status) == 0)
    // A process or two at a time.
    var holders = SocketHolders(patience: .microseconds(30))
    var refreshes = 0
    while holders.holder(of: UInt64(status.st_ino), in: nil) == nil, refreshes < 20_000 {
      holders.refresh()
      refreshes += 1
    }
    #expect(holders.holder(of: UInt64(status.st_ino), in: nil)?.number == getpid())
    #expect(refreshes > 0)
  }

  @Test(arguments: [false, true])
  func `who listens on a local port is named as inferred`(ipv6: Bool) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (_, b) = try lab.pair(ipv6: ipv6)
    try LabSocket(lab, b, .udp, ipv6: ipv6).bind(ipv6 ? .b6 : .b, 9_000)
    try LabSocket(lab, b, .tcp, ipv6: ipv6).bind(ipv6 ? "::" : "0.0.0.0", 9_001).listen()
    var names = OwnerNames()
    func listener(_ transport: UInt8, _ port: UInt16, _ address: DropModel.IPAddress) -> Owner? {
      names.listener(
        transport: transport, port: port, address: address, namespace: UInt32(b.inode),
        path: { _ in "/run/netns/\(b.name)" })
    }
    let addresses: [DropLab.IPAddress] = ipv6 ? [.b6, .a6] : [.b, .a]
    let numbers = addresses.compactMap { DropModel.IPAddress($0.bytes) }
    let (local, foreign) = (numbers[0], numbers[1])
    let udp = listener(17, 9_000, local)
    #expect(udp?.isInferred == true)
    #expect(udp?.pid == getpid())
    #expect(listener(6, 9_001, local)?.pid == getpid())
    // Another transport, another port, a packet that only passes through.
    #expect(listener(6, 9_000, local) == nil)
    #expect(listener(17, 9_002, local) == nil)
    #expect(listener(17, 9_000, foreign) == nil)
    #expect(listener(6, 9_001, foreign) == nil)
    #expect(names.failure == nil)
  }

  @Test func `a namespace that cannot be entered has no listeners, and that is said`() {
    var names = OwnerNames()
    let owner = names.listener(
      transport: 17, port: 9, address: DropModel.IPAddress(v4: 0x7F00_0001), namespace: 1,
      path: { _ in "/nowhere" })
    #expect(owner == nil)
    #expect(names.failure != nil)
  }

  private func socketOwner(_ socket: LabSocket, in group: ControlGroup) throws -> SocketOwner {
    var status = stat()
    try #require(unsafe fstat(socket.descriptor.number, &status) == 0)
    return SocketOwner(
      uid: 0, cgroup: UInt64(try KernelFile.inode(of: group.folder)),
      inode: UInt64(status.st_ino), cookie: 0, family: 2, transport: 17, state: 7,
      isReceiver: true)
  }
}
