import CDropLab
import Glibc

/// What the kernel itself says was dropped: skb:kfree_skb in a private tracefs instance.
///
/// It shares nothing with the tool under test but the tracepoint. A buffer of 8 MiB per processor
/// holds some 20,000 events with their stacks; more show in `Report.overrun`.
package final class TracefsTruth {
  /// All that one window held.
  package struct Report: Sendable {
    /// The events in the order of the trace file.
    package let events: [TracefsEvent]
    /// Events that the ring buffer lost; then no count can be trusted.
    package let overrun: Int
    /// The threads of this process at the end of the window.
    package let threads: Set<Int32>
  }

  private static let root = "/sys/kernel/tracing"
  private let directory: String

  /// Makes the instance, mounting tracefs and removing the instances of crashed runs if need be.
  package init() throws {
    try Self.mount()
    Self.sweep()
    directory = "\(Self.root)/instances/\(Lab.uniqueName())"
    let path = directory
    try checked(unsafe mkdir(path, 0o750), "make the trace instance \(path)")
    try set("buffer_size_kb", "8192")
    // Without stacks, a stranger's TCP timer that fires in our thread looks like our own drop.
    try set("options/stacktrace", "1")
  }

  /// Mounts tracefs where it is not mounted yet.
  package static func mount() throws {
    guard unsafe access(root + "/events", F_OK) != 0 else { return }
    try checked(dwlab_mount_tracefs(), "mount tracefs")
  }

  deinit {
    try? set("events/skb/kfree_skb/enable", "0")
    unsafe _ = rmdir(directory)
  }

  /// Empties the buffer and begins to record, only one reason's events if a name is given.
  package func start(only reason: String? = nil) throws {
    try set("events/skb/kfree_skb/enable", "0")
    let number = try reason.map { name in
      guard let number = try Self.reasons()[name] else {
        throw LabError("this kernel has no drop reason \(name)")
      }
      return number
    }
    try set("events/skb/kfree_skb/filter", number.map { "reason == \($0)" } ?? "0")
    try set("trace", "")
    try set("events/skb/kfree_skb/enable", "1")
  }

  /// How many events are recorded by now.
  package func recorded() throws -> Int {
    try statistic("entries:")
  }

  /// Waits until `count` events are recorded, for at most `milliseconds`, then once more for
  /// `settling` milliseconds, in which drops too many would show.
  package func wait(for count: Int, milliseconds: Int = 500, settling: Int = 10) throws {
    for _ in 0..<(milliseconds / 2) where try recorded() < count { usleep(2000) }
    usleep(UInt32(settling) * 1000)
  }

  /// Stops recording and returns what was seen since `start`.
  package func stop() throws -> Report {
    try set("events/skb/kfree_skb/enable", "0")
    let overrun = try statistic("overrun:") + statistic("dropped events:")
    let text = try KernelFile.text(of: directory + "/trace")
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
    let threads = KernelFile.names(in: "/proc/self/task").compactMap { Int32($0) }
    return Report(
      events: Self.events(in: lines),
      overrun: overrun, threads: Set(threads))
  }

  /// The running kernel's drop reasons, name to number, from the event's format file.
  package static func reasons() throws -> [String: Int] {
    let format = try KernelFile.text(of: root + "/events/skb/kfree_skb/format")
    var reasons: [String: Int] = [:]
    for part in format.split(separator: "{").dropFirst() {
      let words = part.split { $0 == "," || $0 == " " || $0 == "\"" || $0 == "}" || $0 == ")" }
      guard words.count >= 2, let number = Int(words[0]), words[1] != "MAX" else { continue }
      reasons[String(words[1])] = number
    }
    return reasons
  }

  /// Removes the instances of runs whose process is gone.
  package static func sweep() {
    for name in KernelFile.names(in: root + "/instances") where Lab.isLeftover(name) {
      let path = "\(root)/instances/\(name)"
      try? KernelFile.write("0", to: path + "/events/skb/kfree_skb/enable")
      unsafe _ = rmdir(path)
    }
  }

  /// The events of a trace file, each with what the stack below it tells.
  ///
  ///      droplab-77 [000] b.s2. 12.345678: kfree_skb: skbaddr=… reason: NO_SOCKET
  ///      droplab-77 [000] b.s2. 12.345679: <stack trace>
  ///      => kfree_skb_reason
  ///      => __irq_exit_rcu
  static func events(in lines: [Substring.UTF8View]) -> [TracefsEvent] {
    var events: [TracefsEvent] = []
    for line in lines {
      guard line.starts(with: " => ".utf8) else {
        if let event = TracefsEvent(line: line) { events.append(event) }
        continue
      }
      let function = line.dropFirst(4)
      guard let last = events.indices.last,
        ["irq_exit_rcu", "__irq_exit_rcu", "sysvec_apic_timer_interrupt"].contains(where: {
          function.elementsEqual($0.utf8)
        })
      else { continue }
      events[last].isInterrupt = true
    }
    return events
  }

  private func set(_ name: String, _ value: String) throws {
    // An empty write does not truncate; opening the trace file with O_TRUNC does.
    guard !value.isEmpty else {
      let path = "\(directory)/\(name)"
      try Descriptor(unsafe open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), "empty \(path)").close()
      return
    }
    try KernelFile.write(value, to: "\(directory)/\(name)")
  }

  private func statistic(_ name: String) throws -> Int {
    var sum = 0
    for cpu in KernelFile.names(in: directory + "/per_cpu") {
      let text = try KernelFile.text(of: "\(directory)/per_cpu/\(cpu)/stats")
      for line in text.split(separator: "\n") where line.hasPrefix(name) {
        sum += line.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) } ?? 0
      }
    }
    return sum
  }
}
