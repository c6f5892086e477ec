package import ArgumentParser
internal import Bytes
internal import DropSources
internal import Glibc
internal import Runtime

/// The second program: writes dropped packets to a file that Wireshark reads.
package struct Dwdump: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "dwdump",
    abstract: "Write the packets that the kernel drops to a pcap file.",
    discussion: """
      Packets come from the kernel's drop monitor (NET_DM), with drop site, reason and time, in a \
      form that Wireshark and tshark dissect. What was found configured is put back at the end, \
      and the last line, on standard error, says what the file holds and what was lost. Times of \
      records are when they were received, in microseconds; the drop's own is in each message.

      EXAMPLES
        dwdump -w drops.pcap              all there is, until Ctrl-C
        dwdump | tshark -r -              as it happens
        dwdump -o sw -t 128 -w drops.pcap only software's, 128 bytes of each
        dwdump -w drops.pcap --count 100 --duration 1m
        dwdump -q                         how the kernel is configured
        dwdump -e                         stop what a killed process has left on

      EXIT STATUS
        0 as asked, 1 if something was lost, 2 if it could not run or go on, 64 for wrong usage.
      """,
    version: dropwatchVersion)

  /// The argument of `--origin`.
  enum Origin: String, CaseIterable, ExpressibleByArgument {
    case sw, hw
  }

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a file; without it, or to -, to standard output.", valueName: "file"))
  var write: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Cut packets to so many bytes; 0 for whole ones.", valueName: "len"))
  var trunc: UInt32 = 0

  @Flag(name: .shortAndLong, help: "Show how the kernel is configured, and exit.")
  var query = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Packets that the kernel queues on each CPU (its own default, 1000, is soon full).",
      valueName: "n"))
  var limit: UInt32 = DropMonitorOptions.packetQueue

  @Flag(name: .shortAndLong, help: "Listen along to a monitor that is on, without touching it.")
  var passive = false

  @Flag(name: .shortAndLong, help: "Show the kernel's statistics, and exit.")
  var stats = false

  @Option(
    name: [.customShort("b"), .customLong("bsize"), .customLong("bufsize")],
    help: ArgumentHelp("Receive buffer of the socket.", valueName: "bytes"))
  var bufferSize: Int32 = DropMonitorOptions().receiveBuffer

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Only what software or hardware drops; without it both.", valueName: "sw|hw")
  )
  var origin: Origin?

  @Flag(name: .shortAndLong, help: "Ask the kernel to stop monitoring, and exit.")
  var exit = false

  @Flag(help: "Stop a monitor that somebody left on, and start anew.")
  var takeOver = false

  @Option(help: ArgumentHelp("How long to capture; without it until Ctrl-C.", valueName: "time"))
  var duration: DurationArgument?

  @Option(help: ArgumentHelp("How many packets to capture.", valueName: "n"))
  var count: UInt64?

  @Flag(help: "Write -q, -s and the final account as JSON, see docs/output.md.")
  var json = false

  package init() {}

  package func validate() throws {
    if [query, stats, exit].count(where: \.self) > 1 {
      throw ValidationError("-q, -s and -e each do one thing and exit: choose one.")
    }
    if takeOver, passive {
      throw ValidationError("--take-over stops the monitor, --passive leaves it: choose one.")
    }
    if limit < 1 { throw ValidationError("--limit takes a number from 1 on.") }
    if bufferSize < 1 { throw ValidationError("--bsize takes a number of bytes from 1 on.") }
    if let count, count < 1 { throw ValidationError("--count takes a number from 1 on.") }
  }

  package func run() throws {
    if query || stats || exit {
      try reporting(by: Self.name) { try DwdumpRequest(self).run() }
    } else {
      try capture()
    }
  }

  /// Its name in messages.
  static let name = "dwdump"

  /// What the monitor is asked for.
  var options: DropMonitorOptions {
    var options = DropMonitorOptions()
    options.configuration = DropMonitorOptions.Configuration(
      alertMode: .packet, truncation: trunc, queueLength: limit)
    options.software = origin != .hw
    options.hardware = origin != .sw
    options.approach = takeOver ? .takeOver : passive ? .passive : .considerate
    options.receiveBuffer = bufferSize
    return options
  }

  private func capture() throws {
    if write == nil || write == "-", isatty(STDOUT_FILENO) == 1 {
      throw ValidationError(
        "packets are not for a terminal: name a file (-w drops.pcap), or a reader "
          + "(dwdump | tshark -r -).")
    }
    let isLossy = try reporting(by: Self.name) {
      let output = try CaptureOutput(path: write)
      let loop = EventLoop()
      if passive, trunc != 0 || origin != nil {
        printError(
          "-t and -o have no effect with --passive: what comes is what others have asked for",
          by: Self.name)
      }
      var run = try CaptureRun(
        options, into: output,
        limits: CaptureRun.Limits(duration: duration?.duration, packets: count))
      let account = run.run(loop) { printError($0, by: Self.name) }
      for remedy in account.remedies(options: run.options) { printError(remedy, by: Self.name) }
      if let complaint = run.complaint { printError(complaint, by: Self.name) }
      tell(account)
      if run.complaint != nil { throw ExitStatus.failure }
      return account.isLossy
    }
    if isLossy { throw ExitStatus.negative }
  }

  private func tell(_ account: CaptureAccount) {
    guard json else { return printError(account.sentence, by: Self.name) }
    var json = JSONWriter()
    json.line { account.append(to: &$0) }
    // There is nobody to tell if that fails.
    try? json.buffer.write(to: STDERR_FILENO)
  }
}
