import CDropRecords
import DropLab
import DropModel
import Glibc
import KernelNames
import Testing

@testable import DropSources

/// What real TCP sends again, compared with what was made to be lost and with the kernel's counters.
@Suite(
  .serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"),
  .enabled(if: LiveKernel.types != nil, "this kernel has no BTF"))
struct RetransmissionTests {
  static let attachments = [EBPFOptions.Attachment.typed, .raw]

  private func source(
    in namespaces: [LabNamespace] = [], _ attachment: EBPFOptions.Attachment = .automatic,
    _ configure: (inout RetransmissionOptions) -> Void = { _ in }
  ) throws -> RetransmissionSource {
    var options = RetransmissionOptions()
    options.namespaces = namespaces.map { UInt32($0.inode) }
    options.attachment = attachment
    configure(&options)
    return try RetransmissionSource(options: options, types: try #require(LiveKernel.types))
  }

  /// Segments of one sender by match.
  private func segments(
    _ batch: RetransmissionBatch, of sender: LabNamespace
  ) -> [Retransmission.Match: UInt64] {
    batch.retransmissions.filter { $0.namespace == UInt32(sender.inode) }
      .reduce(into: [:]) { $0[$1.match, default: 0] += UInt64($1.segments) }
  }

  private func end(_ source: RetransmissionSource) throws -> RetransmissionBatch {
    // The kernel tells of a segment once it has sent it, which may be after it has arrived.
    usleep(20_000)
    var batch = RetransmissionBatch()
    try source.stop(into: &batch)
    #expect(batch.loss.isConserved, "\(batch.loss)")
    #expect(batch.loss.lost == 0)
    return batch
  }

  /// One packet a segment: what nft counts is then what TCP counts.
  private func withoutGSO(_ namespaces: [(LabNamespace, String)]) throws {
    for (namespace, device) in namespaces {
      try namespace.ip("link set \(device) gso_max_segs 1")
    }
  }

  /// Every seventh segment with data is dropped.
  private static func losing(_ hook: String, _ every: Int = 7, port: String = "dport") -> String {
    "table inet lab { chain c { type filter hook \(hook) priority 0; tcp \(port) 8080"
      + " meta length > 500 numgen inc mod \(every) == 3 counter drop; }; }"
  }

  @Test(arguments: [false, true], attachments)
  func `what a rule of this machine drops is found again, segment by segment`(
    ipv6: Bool, attachment: EBPFOptions.Attachment
  ) throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair(ipv6: ipv6)
    try withoutGSO([(a, "va")])
    try b.nft(Self.losing("input"))
    let source = try source(attachment)
    var stream = try TCPStream(lab, from: a, to: b, address: ipv6 ? .b6 : .b)
    try stream.accept()
    try stream.transfer(chunks: 100)
    let batch = try end(source)
    let dropped = try b.ruleHits()
    let counts = segments(batch, of: a)
    #expect(dropped >= 14)
    #expect(counts[.exact] == dropped)
    #expect(counts.values.reduce(0, +) == (try a.counter("TcpRetransSegs")))
    let first = try #require(batch.retransmissions.first { $0.match == .exact })
    let cause = try #require(first.cause)
    let drop = Resolver(types: LiveKernel.types).drop(for: cause.key)
    if LiveKernel.givesReasons { #expect(drop.reason?.name == "NETFILTER_DROP") }
    #expect(cause.key.namespace == UInt32(b.inode))
    #expect(cause.age > .zero && cause.age < .seconds(5))
    #expect(first.flow.destinationPort == 8_080)
    #expect(first.flow.destination == IPAddress(ipv6 ? IPAddressBytes.b6 : IPAddressBytes.b))
    #expect(first.roundTrip != nil)
    #expect(
      batch.devices.contains {
        $0.namespace == UInt32(a.inode) && $0.name == "va"
          && $0.interfaceIndex == first.interfaceIndex
      })
  }

  @Test func `what is dropped outside of the namespaces that count was lost beyond them`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try withoutGSO([(a, "va")])
    try b.nft(Self.losing("input"))
    let source = try source(in: [a])
    var stream = try TCPStream(lab, from: a, to: b)
    try stream.accept()
    try stream.transfer(chunks: 100)
    let batch = try end(source)
    let counts = segments(batch, of: a)
    let sent = try a.counter("TcpRetransSegs")
    #expect(sent >= 14)
    #expect(counts == [.none: sent])
    #expect(batch.retransmissions.allSatisfy { $0.cause == nil && $0.flowDrops == 0 })
    #expect(batch.loss.dropsElsewhere >= (try b.ruleHits()))
  }

  @Test func `what a router drops and what is lost behind it are told apart`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b, c) = try lab.router()
    try withoutGSO([(a, "va"), (b, "vc")])
    try a.ip("route add 10.78.0.0/24 via 10.77.0.2")
    try b.nft(Self.losing("forward", 9))
    try c.nft(Self.losing("input", 11))
    // c plays the network behind this machine.
    let source = try source(in: [a, b])
    var stream = try TCPStream(lab, from: a, to: c, address: "10.78.0.2")
    try stream.accept()
    try stream.transfer(chunks: 150)
    let batch = try end(source)
    let counts = segments(batch, of: a)
    let (here, beyond) = (try b.ruleHits(), try c.ruleHits())
    #expect(here >= 16 && beyond >= 13)
    // TCP may send again what was only late. Where that copy is dropped nothing follows: then, and only
    // then, is there a drop without a retransmission.
    let open = source.unanswered.filter { $0.namespace == UInt32(b.inode) }
    for drop in open {
      let later = batch.retransmissions.filter {
        $0.flow == drop.flow && $0.time > drop.time
          && Int32(bitPattern: $0.start &- drop.end) < 0
          && Int32(bitPattern: drop.start &- $0.end) < 0
      }
      #expect(later.isEmpty, "\(drop) was sent again: \(later)")
    }
    #expect(counts[.exact, default: 0] + UInt64(open.count) == here, "\(counts), open \(open)")
    // Of a connection that lost something here, what was lost elsewhere is "flow".
    let others = counts[.flow, default: 0] + counts[.none, default: 0]
    #expect(others >= beyond)
    #expect(counts.values.reduce(0, +) == (try a.counter("TcpRetransSegs")))
    #expect(batch.loss.overwritten == 0)
  }

  @Test func `without loss nothing is told`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let source = try source()
    var stream = try TCPStream(lab, from: a, to: b)
    try stream.accept()
    try stream.transfer(chunks: 300)
    let batch = try end(source)
    #expect(segments(batch, of: a).isEmpty)
    #expect(segments(batch, of: b).isEmpty)
    #expect(try a.counter("TcpRetransSegs") == 0)
  }

  @Test func `a SYN that a rule swallows is found again`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try b.nft(
      "table inet lab { chain c { type filter hook input priority 0; tcp dport 8080 counter drop; }; }"
    )
    let source = try source()
    _ = try TCPStream(lab, from: a, to: b)
    // The kernel sends a SYN again after a second.
    usleep(1_300_000)
    let batch = try end(source)
    #expect(segments(batch, of: a) == [.exact: try a.counter("TcpRetransSegs")])
    let syn = try #require(batch.retransmissions.first { $0.namespace == UInt32(a.inode) })
    #expect(syn.end == syn.start &+ 1)
    // TCP_SYN_SENT
    #expect(syn.state == 2)
    #expect((try a.counter("TcpExtTCPSynRetrans")) >= 1)
  }

  @Test func `a SYN-ACK that a rule swallows is found again, as is the SYN it answers`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try a.nft(
      "table inet lab { chain c { type filter hook input priority 0; tcp sport 8080 counter drop; }; }"
    )
    let source = try source()
    _ = try TCPStream(lab, from: a, to: b)
    usleep(1_300_000)
    let batch = try end(source)
    #expect(segments(batch, of: b) == [.exact: try b.counter("TcpRetransSegs")])
    #expect((try b.counter("TcpRetransSegs")) >= 1)
    let answer = batch.retransmissions.first { $0.namespace == UInt32(b.inode) }
    #expect(answer?.isHandshakeAnswer == true)
    #expect(answer?.flow.sourcePort == 8_080)
    #expect(segments(batch, of: a) == [.acknowledgement: try a.counter("TcpRetransSegs")])
  }

  @Test func `an acknowledgement that is dropped is the cause`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    var stream = try TCPStream(lab, from: a, to: b)
    try stream.accept()
    try stream.transfer(chunks: 10)
    let before = try a.counter("TcpRetransSegs")
    try a.nft(
      "table inet lab { chain c { type filter hook input priority 0; tcp sport 8080 counter drop; }; }"
    )
    let source = try source()
    try stream.transfer(chunks: 1)
    usleep(500_000)
    // The timer goes on while the source ends, so the counter is read on both sides of that.
    let sent = try a.counter("TcpRetransSegs") - before
    let batch = try end(source)
    let late = try a.counter("TcpRetransSegs") - before
    #expect(sent >= 1)
    let counts = segments(batch, of: a)
    #expect(Set(counts.keys) == [.acknowledgement])
    #expect((sent...late).contains(counts[.acknowledgement, default: 0]))
    let first = try #require(batch.retransmissions.first { $0.match == .acknowledgement })
    #expect(first.cause?.key.namespace == UInt32(a.inode))
    #expect(first.acknowledgementDrops >= 1)
  }

  @Test func `packets of many segments are found again`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    try b.nft(
      "table inet lab { chain c { type filter hook input priority 0; tcp dport 8080"
        + " meta length > 10000 numgen inc mod 3 == 1 counter drop; }; }")
    let source = try source()
    var stream = try TCPStream(lab, from: a, to: b)
    try stream.accept()
    try stream.transfer(chunks: 30, of: 40_000)
    let batch = try end(source)
    let dropped = try b.ruleHits()
    let counts = segments(batch, of: a)
    #expect(dropped >= 3)
    // Each was at least seven segments long.
    #expect(counts[.exact, default: 0] >= 7 * dropped)
    #expect(counts.values.reduce(0, +) == (try a.counter("TcpRetransSegs")))
  }

  @Test func `a peer that is silent has nothing to do with this machine's drops`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (b, device) = try lab.tap()
    let listener = try LabSocket(lab, b, .tcp).bind(.b, 8_080)
    try listener.listen()
    var peer = TCPPeer(device)
    try peer.connect()
    let server = try listener.accept(lab)
    let source = try source()
    server.send([UInt8](repeating: 1, count: 500))
    usleep(700_000)
    let sent = try b.counter("TcpRetransSegs")
    let batch = try end(source)
    let late = try b.counter("TcpRetransSegs")
    #expect(sent >= 1)
    let counts = segments(batch, of: b)
    #expect(Set(counts.keys) == [.none])
    #expect((sent...late).contains(counts[.none, default: 0]))
    // Others on this machine may send again, too.
    #expect(batch.devices.map(\.name).contains("tap0"))
  }

  @Test func `what the driver's XDP program drops shows where the kernel tells of it`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    // XDP_DROP is 1. veth makes it a drop of the packet, with no reason.
    try BPFProgram(lab, .xdp, returning: 1).attach(lab, b, "vb")
    let source = try source()
    _ = try TCPStream(lab, from: a, to: b)
    usleep(1_300_000)
    let batch = try end(source)
    let sent = try a.counter("TcpRetransSegs")
    #expect(sent >= 1)
    #expect(segments(batch, of: a) == [.exact: sent])
    let cause = batch.retransmissions.first { $0.namespace == UInt32(a.inode) }?.cause
    let site = cause.map { Resolver(types: LiveKernel.types).site(at: $0.key.site).symbol }
    #expect(site??.hasPrefix("veth_xdp") == true)
  }

  @Test func `a retransmission's own drop is not its cause`() throws {
    try #require(LiveKernel.types != nil)
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    // The first SYN is lost in b, which is not this machine; the second on its way out of a.
    try b.nft(
      "table inet lab { chain c { type filter hook input priority 0; tcp dport 8080 counter drop; }; }"
    )
    let source = try source(in: [a])
    _ = try TCPStream(lab, from: a, to: b)
    usleep(100_000)
    try a.nft(
      "table inet lab { chain c { type filter hook output priority 0; tcp dport 8080 counter drop; }; }"
    )
    usleep(1_200_000)
    let batch = try end(source)
    let offers = try RetransmissionOffers(try #require(LiveKernel.types))
    // Older kernels do not tell of what fails at once, which is a blind spot of theirs.
    guard offers.retransmissionArguments >= 3 else {
      #expect(segments(batch, of: a).isEmpty)
      return
    }
    #expect(segments(batch, of: a) == [.none: 1])
    let only = try #require(batch.retransmissions.first { $0.namespace == UInt32(a.inode) })
    #expect(only.error == EPERM)
    #expect(batch.loss.drops > batch.loss.dropsElsewhere)
  }

  @Test func `flows that are forgotten are counted`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (a, b) = try lab.pair()
    let sender = try PacketSender(lab, a, "va")
    try b.nft(
      "table inet lab { chain c { type filter hook input priority 0; tcp dport 1-60000 drop; }; }")
    let source = try source { $0.flows = 64 }
    for port in UInt16(1)...1000 {
      try sender.send(
        TCPSegment(.syn) { $0.destinationPort = port }.frame)
    }
    usleep(20_000)
    let batch = try end(source)
    #expect(batch.loss.drops >= 1000)
    #expect(batch.loss.forgottenFlows >= 900)
    #expect(batch.loss.isLossy)
  }

  @Test func `too many namespaces are refused in a sentence`() throws {
    let error = #expect(throws: SourceError.self) {
      _ = try source { $0.namespaces = (0..<9).map { 0xF000_0000 + $0 } }
    }
    #expect(error?.description.contains("at most 8") == true)
  }

  /// The lab's addresses as the model has them.
  private enum IPAddressBytes {
    static let b: [UInt8] = [10, 77, 0, 2]
    static let b6: [UInt8] = [0xFD, 0x77] + [UInt8](repeating: 0, count: 13) + [2]
  }
}
