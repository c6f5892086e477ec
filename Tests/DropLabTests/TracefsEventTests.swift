import Testing

@testable import DropLab

struct TracefsEventTests {
  static let line: Substring = """
              droplab-4242    [001] b.s2.  1234.567890: kfree_skb: skbaddr=00000000c0ffee00 \
    rx_sk=0000000000000000 protocol=2048 location=__udp4_lib_rcv.isra.0+0x4bc/0xd00 \
    reason: NO_SOCKET
    """

  @Test func `a line gives reason, site, protocol and thread`() throws {
    let event = try #require(TracefsEvent(line: Self.line.utf8))
    #expect(event.reason == "NO_SOCKET")
    #expect(event.site == "__udp4_lib_rcv")
    #expect(event.ethertype == 0x0800)
    #expect(event.thread == 4242)
    #expect(event.command == "droplab")
  }

  @Test func `a thread's name may hold spaces and dashes`() throws {
    let name = "my - tool-x"
    let line = Substring(String(Self.line).replacing("droplab", with: name))
    let event = try #require(TracefsEvent(line: line.utf8))
    #expect(event.command == name)
    #expect(event.thread == 4242)
  }

  @Test func `no prefix of a line is taken for an event with another reason`() {
    for length in 0..<Self.line.utf8.count {
      let event = TracefsEvent(line: Self.line.prefix(length).utf8)
      #expect(event == nil || "NO_SOCKET".hasPrefix(event?.reason ?? "-"))
    }
  }

  @Test(arguments: [
    ("<idle>", Int32(0), TracefsEvent.Context.kernel), ("ksoftirqd/1", 17, .kernel),
    ("bash", 99, .foreign), ("droplab", 4242, .own),
  ])
  func `an event belongs to whom its thread belongs`(
    command: String, thread: Int32, context: TracefsEvent.Context
  ) throws {
    let text = String(Self.line).replacing("droplab-4242", with: "\(command)-\(thread)")
    let event = try #require(TracefsEvent(line: Substring(text).utf8))
    #expect(event.context(threads: [4242]) == context)
  }

  @Test func `an interrupt in our thread is not our doing`() throws {
    let text = Substring(
      "\(Self.line)\n x-1 [000] b.s2. 1.2: <stack trace>\n => tcp_write_timer\n"
        + " => irq_exit_rcu\n => asm_sysvec_apic_timer_interrupt\n\(Self.line)\n => ip_rcv_core")
    let events = TracefsTruth.events(in: text.utf8.split(separator: UInt8(ascii: "\n")))
    #expect(events.map { $0.context(threads: [4242]) } == [.kernel, .own])
  }
}
