import DropLab
import Glibc
import Testing

/// The kernel's counters beside the drops: of each namespace its own, and what is left over by its name.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct LiveReconciliationTests {
  @Test func `two namespaces that drop at once explain each its own counters`() throws {
    let labs = (try Lab(), try Lab())
    defer {
      labs.0.close()
      labs.1.close()
    }
    let (a, c) = (try labs.0.pair(), try labs.1.pair())
    let few = try LabSocket(labs.0, a.a, .udp).bind(.a, 40_000)
    let many = try LabSocket(labs.1, c.a, .udp).bind(.a, 40_000)
    let run = try DiagnosisRun {
      // In turn, so that both are dropped in the same time.
      for _ in 0..<20 {
        try few.send(to: .b, 9_000)
        try many.send(to: .b, 9_000, count: 3)
      }
    }
    for (namespace, drops) in [(a.b, 20), (c.b, 60)] {
      #expect(run.report.drops("NO_SOCKET", in: namespace) == drops)
      let counter = try #require(run.report.counter("netstat.UdpNoPorts", in: namespace))
      #expect(counter.change == drops && counter.explained == drops, "\(counter)")
      #expect(counter.remainder == 0 && counter.excess == 0 && counter.meaning.isEmpty)
    }
  }

  @Test func `of one namespace alone its own counters are compared, and with a filter none`() throws
  {
    let labs = (try Lab(), try Lab())
    defer {
      labs.0.close()
      labs.1.close()
    }
    let (a, c) = (try labs.0.pair(), try labs.1.pair())
    let asked = try LabSocket(labs.0, a.a, .udp).bind(.a, 40_000)
    let other = try LabSocket(labs.1, c.a, .udp).bind(.a, 40_000)
    for filter in [[], ["--reason", "NO_SOCKET"]] {
      let run = try DiagnosisRun(["--netns", a.b.name] + filter) {
        try asked.send(to: .b, 9_000, count: 20)
        try other.send(to: .b, 9_000, count: 30)
      }
      #expect(run.report.drops("NO_SOCKET", in: a.b) == 20)
      #expect(run.report.counter("netstat.UdpNoPorts", in: c.b) == nil)
      let counter = run.report.counter("netstat.UdpNoPorts", in: a.b)
      if filter.isEmpty {
        #expect(counter?.change == 20 && counter?.explained == 20, "\(String(describing: counter))")
      } else {
        #expect(counter == nil)
      }
    }
  }

  @Test func `packets that stand for many segments count as the counter counts them`() throws {
    let (whole, split) = (try Lab(), try Lab())
    defer {
      whole.close()
      split.close()
    }
    let groups = (try whole.pair(), try split.pair())
    let toGRO = try GSOFlood(whole, .fullSocketWithGRO)
    let toPlain = try GSOFlood(split, .fullSocket)
    let run = try DiagnosisRun {
      _ = try toGRO.run(sends: 10)
      _ = try toPlain.run(sends: 10)
    }
    // Ten packets of sixteen segments each: dropped whole, or split before.
    for (namespace, drops) in [(groups.0.b, 10), (groups.1.b, 160)] {
      #expect(run.report.drops("SOCKET_RCVBUFF", in: namespace) == drops)
      for name in ["netstat.UdpRcvbufErrors", "netstat.UdpInErrors"] {
        let counter = try #require(run.report.counter(name, in: namespace))
        #expect(counter.change == drops && counter.explained == drops, "\(counter)")
        #expect(counter.remainder == 0 && counter.excess == 0, "\(counter)")
      }
    }
  }

  @Test func `a SYN at a full accept queue is a remainder that says why`() throws {
    let lab = try Lab()
    defer { lab.close() }
    let (b, device) = try lab.tap()
    let listener = try LabSocket(lab, b, .tcp).bind(.b, 8_080)
    try listener.listen(backlog: 2)
    var peers = (UInt16(41_000)...41_008).map { TCPPeer(device, port: $0) }
    try peers[0].connect()
    try peers[1].connect()
    // Both begin before one ends.
    try peers[2].open()
    try peers[3].open()
    try peers[2].send(.ack)
    let run = try DiagnosisRun {
      try peers[3].send(.ack, count: 4)
      for peer in peers.dropFirst(4) { try peer.send(.syn) }
    }
    #expect(run.report.drops("TCP_LISTEN_OVERFLOW", in: b) == 4)
    let counter = try #require(run.report.counter("netstat.TcpExtListenDrops", in: b))
    #expect(counter.change == 9 && counter.explained == 4 && counter.remainder == 5, "\(counter)")
    #expect(counter.meaning.contains("A refused SYN is consumed, not freed as a drop"))
    let overflows = try #require(run.report.counter("netstat.TcpExtListenOverflows", in: b))
    #expect(overflows.change == 9 && overflows.remainder == 5, "\(overflows)")
    #expect(overflows.meaning.contains("SYN that meets a full accept queue"))
  }
}
