import DropLab
import Glibc
import Testing

/// Live values beside a diagnosis are those that the lab has set.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct DiagnosisEvidenceTests {
  /// A fault made with a value, and where a diagnosis shall show that value.
  struct Case: Sendable, CustomStringConvertible {
    let fault: String
    let finding: String
    let evidence: String
    let value: String
    let body: @Sendable (Lab) throws -> Void

    /// A provocation's or a fix's fault.
    init(_ fault: String, _ finding: String, _ evidence: String, _ value: String) {
      self.init(fault, finding, evidence, value) { lab in
        if let provocation = Provocation.named(fault) { return try provocation.run(in: lab) }
        let fix = try #require(FixCase.all.first { $0.description == fault })
        let send = try fix.prepare(lab)
        try send()
      }
    }

    init(
      _ fault: String, _ finding: String, _ evidence: String, _ value: String,
      body: @escaping @Sendable (Lab) throws -> Void
    ) {
      self.fault = fault
      self.finding = finding
      self.evidence = evidence
      self.value = value
      self.body = body
    }

    var description: String { "\(fault): \(evidence)" }
  }

  static let cases = [
    // The kernel takes twice what SO_RCVBUF asks for.
    Case("udp-full-socket", "SOCKET_RCVBUFF", "socket", "of 8,192 bytes received and not read"),
    Case("udp6-full-socket", "SOCKET_RCVBUFF", "socket", "of 8,192 bytes received and not read"),
    Case("tcp-accept-queue-full", "TCP_LISTEN_OVERFLOW", "listener", "3 of 2 connections wait"),
    Case("udp-closed-port", "NO_SOCKET", "listener", "none on port 9000"),
    Case("ip6-too-big", "PKT_TOO_BIG", "device vc", "MTU 1300"),
    Case("tap-down", "DEV_READY", "device tap0", "switched off"),
    Case("tbf-overflow", "QDISC_DROP", "qdisc of va", "of 3,000 bytes wait"),
    Case("pfifo", "QDISC_DROP", "qdisc of va", "7 of 7 packets wait") { lab in
      let (a, _) = try lab.pair()
      try a.tc(
        "qdisc add dev va root handle 1: tbf rate 80bit burst 1540 limit 3000",
        "qdisc add dev va parent 1:1 handle 10: pfifo limit 7")
      let client = try LabSocket(lab, a, .udp).bind(.a, 40_000)
      try client.send(to: .b, 9_000, size: 1000, count: 20)
    },
    Case("rp-filter", "IP_RPFILTER", "net.ipv4.conf.all.rp_filter", "1"),
    Case("not-forwarding", "IP_INADDRERRORS", "net.ipv4.ip_forward", "0"),
    Case(
      "unicast-in-broadcast", "UNICAST_IN_L2_MULTICAST",
      "net.ipv4.conf.vb.drop_unicast_in_l2_multicast", "1"),
    Case("ip6-disabled", "IPV6DISABLED", "net.ipv6.conf.vb.disable_ipv6", "1"),
    Case(
      "neighbour-queue-full", "NEIGH_QUEUEFULL", "net.ipv4.neigh.va.unres_qlen_bytes", "4096"),
    Case("fragment-late", "FRAG_REASM_TIMEOUT", "net.ipv4.ipfrag_time", "0"),
    Case(
      "ip_defrag: ipfrag_high_thresh=", "ip_defrag", "net.ipv4.ipfrag_high_thresh", "5000"),
    Case("TCP_LISTEN_OVERFLOW: somaxconn", "TCP_LISTEN_OVERFLOW", "net.core.somaxconn", "2"),
    Case(
      "IPV6_NDISC_NS_OTHERHOST: neigh add proxy", "IPV6_NDISC_NS_OTHERHOST",
      "net.ipv6.conf.vb.proxy_ndp", "1"),
  ]

  @Test(arguments: cases)
  func `a live value is what the lab has set`(fault: Case) throws {
    let values = try #require(try Self.evidence.get()[fault.description])
    // A sysctl's value is the value and nothing else.
    let isFound =
      fault.evidence.hasPrefix("net.")
      ? values == [fault.value] : values.contains { $0.contains(fault.value) }
    #expect(isFound, "\(values)")
  }

  /// The evidence of each case, all from one look.
  private static let evidence = Result { try readAll() }

  private static func readAll() throws -> [String: [String]] {
    let labs = try cases.map { _ in try Lab() }
    defer { for lab in labs { lab.close() } }
    let report = try DiagnosisRun(lingering: 300_000) {
      for (fault, lab) in zip(cases, labs) { try fault.body(lab) }
    }.report
    let values = zip(cases, labs).map { fault, lab in
      let inodes = lab.namespaces.map(\.inode)
      return report.findings
        .filter { $0.name == fault.finding && inodes.contains($0.namespace ?? 0) }
        .flatMap(\.evidence).filter { $0.name == fault.evidence }.map(\.value)
    }
    return Dictionary(uniqueKeysWithValues: zip(cases.map(\.description), values))
  }
}
