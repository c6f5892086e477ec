import DropLab
import DropModel
import Filters
import Glibc
import KernelNames
import Testing

@testable import DropSources

/// Filters by reason, site, place and owner, from what the user writes to what the kernel counts.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct KeyFilterTests {
  /// What all cases drop: at a closed port and of an unknown protocol, both on `vb` in b; and on a
  /// full socket in a, which belongs to a control group.
  private static let (closed, unknown, full) = (5, 7, 11)

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let count: Int
    var needsOwner = false
    let adjust: @Sendable (inout FilterRequest, LabNamespace, ControlGroup) throws -> Void

    init(
      _ description: String, _ count: Int, needsOwner: Bool = false,
      _ adjust: @escaping @Sendable (inout FilterRequest, LabNamespace, ControlGroup) throws -> Void
    ) {
      testDescription = description
      self.count = count
      self.needsOwner = needsOwner
      self.adjust = adjust
    }
  }

  static let cases: [Case] = [
    Case("a reason", closed) { request, _, _ in request.reasons = ["no_socket"] },
    Case("either of two reasons", closed + unknown) { request, _, _ in
      request.reasons = ["SKB_DROP_REASON_NO_SOCKET", "core/UNHANDLED_PROTO"]
    },
    Case("any reason but one", unknown + full) { request, _, _ in
      request.unwantedReasons = ["NO_SOCKET"]
    },
    Case("a function", closed) { request, _, _ in
      // 7.x has it inlined.
      let isThere = try !SymbolTable.load().functions(named: "__udp4_lib_rcv", withParts: false)
        .isEmpty
      request.sites = [isThere ? "__udp4_lib_rcv" : "udp_rcv"]
    },
    Case("a device's name", closed + unknown) { request, _, _ in request.devices = ["vb"] },
    Case("a device that is not there", 0) { request, _, _ in request.devices = ["vb0"] },
    Case("a device's index", full) { request, _, _ in request.devices = ["1"] },
    Case("a namespace's name", closed + unknown) { request, b, _ in
      request.namespaces = [b.name]
    },
    Case("a namespace's path", closed + unknown) { request, b, _ in
      request.namespaces = ["/run/netns/\(b.name)"]
    },
    Case("a namespace's inode", closed + unknown) { request, b, _ in
      request.namespaces = ["\(b.inode)"]
    },
    Case("this process's namespace", 0) { request, _, _ in
      request.namespaces = ["pid:\(getpid())"]
    },
    // What a packet socket sends keeps its sender until IP takes it.
    Case("a user", full + unknown, needsOwner: true) { request, _, _ in request.users = ["root"] },
    Case("another user", 0) { request, _, _ in request.users = ["54321"] },
    Case("a control group", full, needsOwner: true) { request, _, group in
      request.controlGroups = [group.path]
    },
    Case("what is above it", full + unknown, needsOwner: true) { request, _, _ in
      request.controlGroups = ["/"]
    },
    Case("an expression and a device", closed) { request, _, _ in
      request.expression = "udp dst port 9"
      request.devices = ["vb"]
    },
    Case("an expression and a device that do not meet", 0) { request, _, _ in
      request.expression = "udp dst port 9"
      request.devices = ["lo"]
    },
    Case("a trap of hardware", 0) { request, _, _ in
      request.reasons = ["hardware/blackhole_route"]
    },
  ]

  @Test(
    .enabled(if: LiveKernel.givesReasons, "this kernel gives no reasons"), arguments: cases,
    FilterTests.attachments)
  func `a filter counts what it asks for and nothing else`(
    _ one: Case, attachment: EBPFOptions.Attachment
  ) throws {
    // Before 6.11 the kernel does not tell the receiving socket.
    guard !one.needsOwner || LiveKernel.offers?.argumentCount == 4 else { return }
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let group = try ControlGroup(in: lab)
    let receiver = try group.inside { try LabSocket(lab, a, .udp).bind("127.0.0.1", 5_000) }
    try receiver.option(SOL_SOCKET, SO_RCVBUF, 2048)
    let client = try LabSocket(lab, a, .udp)
    try client.send(to: "127.0.0.1", 5_000, size: 1000, count: 20)
    let sender = try PacketSender(lab, a, "va")
    var request = FilterRequest()
    try one.adjust(&request, b, group)
    let filter = try request.resolve()
    let source = try LiveKernel.source {
      $0.attachment = attachment
      $0.filter = filter
    }
    try sender.send(UDPDatagram { $0.destinationPort = 9 }.frame, count: Self.closed)
    try sender.send(EthernetFrame([1, 2, 3], ethertype: 0x88B5).bytes, count: Self.unknown)
    try client.send(to: "127.0.0.1", 5_000, size: 1000, count: Self.full)
    usleep(20_000)
    var batch = DropBatch()
    try source.stop(into: &batch)
    let inodes = [UInt32(a.inode), UInt32(b.inode)]
    let drops = batch.tallies.filter { inodes.contains($0.key.namespace) }
    #expect(drops.reduce(0) { $0 + Int($1.counts.drops) } == one.count)
    let all = Self.closed + Self.unknown + Self.full
    #expect(batch.loss.filtered >= UInt64(all - one.count))
    #expect(batch.loss.isConserved)
  }
}
