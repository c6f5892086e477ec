/// One skb:kfree_skb event as tracefs prints it.
package struct TracefsEvent: Sendable, Hashable {
  /// Who ran on the processor when the drop happened, relative to this process.
  package enum Context: Sendable {
    /// A thread of this process, also in the softirqs that its sends ran inline.
    case own
    /// A kernel thread, the idle task, or an interrupt of ours: timers, deferred softirqs.
    case kernel
    /// Another process, whose softirqs or interrupts may still have dropped our packet.
    case foreign
  }

  /// The reason's name without prefix.
  package let reason: String
  /// The symbol of the drop site, up to `+` and without a compiler's suffix (`.isra`, `.cold`).
  package let site: String
  /// The link-layer protocol, 0x0800 for IPv4.
  package let ethertype: UInt16
  /// The thread that was current.
  package let thread: Int32
  /// Its name.
  package let command: String

  /// Whether an interrupt had stolen the thread, so that the drop need not be its doing.
  ///
  /// Only the stack below the event's line tells; the reader of the trace sets it.
  package var isInterrupt = false

  /// Parses a line of the `trace` file; nil for headers and other events.
  ///
  /// Works on UTF-8: by characters, a trace of 10,000 lines would take seconds.
  ///
  ///      command-1234    [001] b..1.  12.345678: kfree_skb: skbaddr=… rx_sk=(null)
  ///        protocol=2048 location=__udp4_lib_rcv+0x4bc/0xd00 reason: NO_SOCKET
  package init?(line: Substring.UTF8View) {
    var words = line.split(separator: UInt8(ascii: " "))[...]
    guard let event = words.firstIndex(where: { $0.elementsEqual("kfree_skb:".utf8) }) else {
      return nil
    }
    // The command may hold spaces; what comes before "[cpu]" ends in "-thread".
    guard let processor = words[..<event].lastIndex(where: { $0.first == UInt8(ascii: "[") }),
      processor > words.startIndex
    else { return nil }
    let task = words[words.startIndex].startIndex..<words[processor - 1].endIndex
    guard let dash = line[task].lastIndex(of: UInt8(ascii: "-")),
      let thread = Int32(Substring(line[task][dash...].dropFirst()))
    else { return nil }
    self.thread = thread
    command = String(Substring(line[task][..<dash]))

    words = words[(event + 1)...]
    guard let location = Self.value("location=", in: words),
      let number = Self.value("protocol=", in: words), let ethertype = UInt16(number),
      let word = words.firstIndex(where: { $0.elementsEqual("reason:".utf8) }),
      let reason = words.dropFirst(word + 1 - words.startIndex).first
    else { return nil }
    self.ethertype = ethertype
    site = String(location.prefix { $0 != "+" && $0 != "." })
    self.reason = String(Substring(reason))
  }

  /// Whose context it was; `threads` are the threads of this process.
  package func context(threads: Set<Int32>) -> Context {
    if threads.contains(thread) { return isInterrupt ? .kernel : .own }
    let isKernel =
      thread == 0
      || ["ksoftirqd/", "kworker/", "rcu", "migration/"].contains { command.hasPrefix($0) }
    return isKernel ? .kernel : .foreign
  }

  private static func value(
    _ name: String, in words: ArraySlice<Substring.UTF8View>
  ) -> Substring? {
    words.first { $0.starts(with: name.utf8) }.map { Substring($0.dropFirst(name.utf8.count)) }
  }
}
