import DropLab
import Glibc
import Testing

/// `dropwatch diagnose` on real drops.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct DiagnoseTests {
  /// The parts of a diagnosis that tests look at, by jq(1)'s reckoning in Python.
  struct Answer {
    let object: String

    /// What a Python expression over the diagnosis `d` yields.
    func ask(_ expression: String) throws -> String {
      let script = """
        import json, sys
        d = [json.loads(l) for l in sys.stdin if '"type":"diagnosis"' in l][0]
        print((\(expression)))
        """
      return try Command.run(["/usr/bin/python3", "-c", script], input: object)
        .trimmingNewline
    }
  }

  /// Diagnoses while a case provokes its drops; the inode of the namespace that they are in.
  static func diagnose(
    _ name: String, _ arguments: String...
  ) throws -> (answer: Answer, status: Int32, namespace: UInt64) {
    try diagnose(try #require(Provocation.named(name)), arguments)
  }

  static func diagnose(
    _ provocation: Provocation, _ arguments: [String] = []
  ) throws -> (answer: Answer, status: Int32, namespace: UInt64) {
    let lab = try Lab()
    defer { lab.close() }
    var program: Program?
    lab.onArm = { _ in
      program = try Program(["diagnose", "--json", "--duration", "20s"] + arguments)
      try program?.wait(for: "\"blind\"")
    }
    try provocation.run(in: lab)
    // What a kernel thread drops may come a moment later.
    usleep(provocation.timing == .elsewhere ? 300_000 : 50_000)
    let running = try #require(program)
    running.signal(SIGINT)
    let status = try running.exitStatus()
    #expect(try Schema.types(of: running.output) == ["diagnosis", "session"])
    let role = provocation.expectations.first?.role ?? .b
    let namespace = try #require(lab.namespace(role))
    return (Answer(object: running.output), status, namespace.inode)
  }

  /// Each case, the counter that its drops move, and whether all of the counter is explained.
  static let reconciled: [(name: String, counter: String)] = [
    ("udp-closed-port", "netstat.UdpNoPorts"), ("udp6-closed-port", "netstat.Udp6NoPorts"),
    ("udp-full-socket", "netstat.UdpRcvbufErrors"), ("udp-full-socket", "netstat.UdpInErrors"),
    ("udp6-full-socket", "netstat.Udp6RcvbufErrors"),
    ("udp-bad-checksum", "netstat.UdpInCsumErrors"),
    ("udp6-bad-checksum", "netstat.Udp6InCsumErrors"),
    ("ip-bad-checksum", "netstat.IpExtInCsumErrors"), ("ip-bad-version", "netstat.IpInHdrErrors"),
    ("rp-filter", "netstat.TcpExtIPReversePathFilter"),
    ("unknown-ip-protocol", "netstat.IpInUnknownProtos"),
    ("unknown-ethertype", "link.rx_dropped"), ("other-host", "link.rx_otherhost_dropped"),
    ("not-forwarding", "netstat.IpInAddrErrors"), ("tbf-overflow", "qdisc.drops"),
    ("ip6-no-route", "netstat.Ip6InNoRoutes"), ("tcp-bad-checksum", "netstat.TcpInCsumErrors"),
    ("tcp-minimum-ttl", "netstat.TcpExtTCPMinTTLDrop"),
    ("tcp-md5-missing", "netstat.TcpExtTCPMD5NotFound"),
    ("tcp-md5-wrong", "netstat.TcpExtTCPMD5Failure"),
    ("tcp-md5-unexpected", "netstat.TcpExtTCPMD5Unexpected"),
    ("tcp-old-timestamp", "netstat.TcpExtPAWSEstab"),
    ("icmp-bad-checksum", "netstat.IcmpInCsumErrors"),
    ("ip6-truncated", "netstat.Ip6InTruncatedPkts"),
    ("gso-full-socket", "netstat.UdpRcvbufErrors"),
    ("gso-full-gro-socket", "netstat.UdpRcvbufErrors"),
  ]

  @Test(arguments: reconciled)
  func `drops explain a counter to the last packet`(name: String, counter: String) throws {
    let (answer, _, namespace) = try Self.diagnose(name)
    let line = """
      [(c["change"], c["explained"], c["remainder"], c["excess"]) for c in d["counters"]
        if c["name"] == "\(counter)" and c.get("netns") == \(namespace)]
      """
    let found = try answer.ask(line.replacing("\n", with: " "))
    let numbers = found.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
    try #require(numbers.count == 4, "\(counter): \(found)")
    #expect(numbers[0] > 0 && numbers[0] == numbers[1], "\(counter): \(found)")
    #expect(numbers[2] == 0 && numbers[3] == 0, "\(counter): \(found)")
  }

  @Test func `a full socket is harm, with its evidence and a fix of this machine's values`() throws
  {
    let (answer, status, namespace) = try Self.diagnose("udp-full-socket")
    #expect(status == 1)
    let finding = """
      [f for f in d['findings']
        if f['name'] == 'SOCKET_RCVBUFF' and f['netns']['inode'] == \(namespace)][0]
      """
    #expect(try answer.ask("\(finding)['drops']") == "50")
    #expect(try answer.ask("\(finding)['severity']") == "harmful")
    #expect(try answer.ask("\(finding)['confidence']") == "high")
    #expect(try answer.ask("\(finding)['devices']") == "['vb']")
    let evidence = try answer.ask(
      "[e['value'] for e in \(finding)['evidence'] if e['name'] == 'net.core.rmem_default'][0]")
    let value = try KernelFile.text(of: "/proc/sys/net/core/rmem_default").trimmingNewline
    #expect(evidence == value)
    let fix = try answer.ask("[f['run'] for f in \(finding)['fixes'] if f.get('run')][0]")
    // Only the whole machine has it: in the namespace it is read-only, or not there.
    #expect(fix == "sysctl -w net.core.rmem_default=\((Int(evidence) ?? 0) * 4)")
  }

  @Test(arguments: [
    // The kernel takes twice what SO_RCVBUF asks for.
    ("udp-full-socket", "SOCKET_RCVBUFF", "socket", "of 8,192 bytes received and not read"),
    ("tbf-overflow", "QDISC_DROP", "qdisc of ", "tbf "),
    ("unknown-ethertype", "UNHANDLED_PROTO", "device vb", "veth, switched on, UP, MTU 1500"),
  ])
  func `live values are those that the lab has set`(
    name: String, reason: String, evidence: String, value: String
  ) throws {
    let (answer, _, namespace) = try Self.diagnose(name)
    let question = """
      [e['value'] for f in d['findings'] for e in f['evidence']
        if f['name'] == '\(reason)' and f['netns']['inode'] == \(namespace)
        and e['name'].startswith('\(evidence)')]
      """
    let values = try answer.ask(question)
    #expect(values.contains(value), "\(values)")
  }

  @Test func `what nobody misses is no harm`() throws {
    let (answer, status, _) = try Self.diagnose("unix-closed", "--reason", "SOCKET_CLOSE")
    #expect(status == 0)
    #expect(try answer.ask("d['harmful']") == "False")
    #expect(try answer.ask("sorted({f['severity'] for f in d['findings']})") == "['benign']")
  }

  @Test func `the page is text or Markdown, and a recording is as good`() throws {
    let folder = try Command.run(["/bin/mktemp", "-d"]).trimmingNewline
    defer { _ = try? Command.run(["/bin/rm", "-r", folder]) }
    let port = try ClosedPort()
    let recorder = try Program(
      ["record", "\(folder)/drops.db", "udp dst port 9 and len = 142", "--duration", "20s"])
    try recorder.waitForErrors("Recording to")
    try port.drop(25)
    recorder.signal(SIGINT)
    #expect(try recorder.exitStatus() == 0)
    let page = try Program(["diagnose", "--from", "\(folder)/drops.db"])
    #expect(try page.exitStatus() == 1)
    #expect(page.output.contains("Harm found: 25 drops, NO_SOCKET."))
    #expect(page.output.contains("What could not be seen"))
    let ticket = try Program(["diagnose", "--from", "\(folder)/drops.db", "--markdown"])
    _ = try ticket.exitStatus()
    #expect(ticket.output.hasPrefix("# Harm found"))
  }
}

extension String {
  /// Without what ends a line.
  fileprivate var trimmingNewline: String {
    String(reversed().drop { $0.isNewline }.reversed())
  }
}
