internal import ArgumentParser
internal import Bytes
internal import DropModel
internal import Export
internal import Glibc
internal import Runtime
internal import Terminal

/// The subcommand `counters`.
struct Counters: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show which of the machine's own counters of loss move.",
    discussion: """
      Devices, cards, queueing disciplines, CPU queues, protocols, connection tracking and sockets count \
      packets whether somebody watches or not, also some that are lost without being freed as drops. \
      Only what moves is shown, from the wire to the socket and out again: with ! what counts loss, \
      with ? what sounds like it and is not known here. Ctrl-C ends with the totals.

      Without --netns these are our own network namespace and all in /run/netns, 64 at most.

      EXAMPLES
        dropwatch counters                   what is lost, until Ctrl-C
        dropwatch counters --total           all that was lost since it began
        dropwatch counters --netns blue      only there
        dropwatch counters --all --count 1   all that moves in a second
        dropwatch counters --duration 1m     a look of a minute, and the totals
        dropwatch counters --json | jq '.changed | select(length > 0)'
      """)

  @Option(help: ArgumentHelp("Time between reports: 200ms, 1s, 5m.", valueName: "time"))
  var interval = DurationArgument.second

  @Option(help: ArgumentHelp("How long to watch; without it until Ctrl-C.", valueName: "time"))
  var duration: DurationArgument?

  @Option(help: ArgumentHelp("How many reports to make.", valueName: "n"))
  var count: Int?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Only this network namespace: a name of ip netns, init, pid:812, a path, an inode.",
      valueName: "netns"))
  var netns: [String] = []

  @Flag(help: "Also what counts no loss: packets, bytes, what went well.")
  var all = false

  @Flag(help: "In each report all that has moved since the beginning.")
  var total = false

  @Flag(help: "One object for each namespace and interval, see docs/output.md.")
  var json = false

  @Option(help: "When to use colour; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count takes a number from 1 on.") }
  }

  func run() throws {
    try reporting {
      let loop = EventLoop()
      let start = MonotonicTime.now
      let targets = try CounterTargets(netns)
      let terminal = TerminalDevice(descriptor: STDOUT_FILENO)
      let sink: any CounterSink =
        json
        ? CounterLines(descriptor: STDOUT_FILENO, showsTotals: total)
        : CounterTable(
          terminal: terminal,
          isColored: color.isColored(isTerminal: terminal.isTerminal, environment: .current))
      var watch = CounterWatch(
        targets, interval: interval.duration, duration: duration?.duration, count: count,
        showsAll: all, showsTotals: total)
      try watch.run(loop, since: start, into: sink, saying: opening(targets))
    }
  }

  /// What is watched, for people.
  private func opening(_ targets: CounterTargets) -> String {
    let labels = targets.present.compactMap(\.namespace?.label)
    let counters = targets.present.reduce(0) { $0 + $1.count }
    let names = labels.prefix(5).joined(separator: ", ")
    let more = labels.count > 5 ? " and \(labels.count - 5) more" : ""
    return "Watching \(grouped(UInt64(counters))) counters in network namespace"
      + "\(labels.count == 1 ? "" : "s") \(names)\(more) every \(interval.description)"
      + (duration == nil ? "; Ctrl-C ends with totals." : ".")
  }
}
