internal import ArgumentParser
internal import Diagnosis
internal import DropModel
internal import DropSources
internal import Filters
internal import Glibc
internal import Runtime
internal import Terminal

/// The subcommand `watch`.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show where and why the kernel drops packets, most drops first.",
    discussion: """
      Every drop is counted in the kernel; the last line accounts for what was seen. On a terminal \
      the table is redrawn until Ctrl-C, elsewhere each interval is a block of its own.

      EXAMPLES
        dropwatch watch                      all there is, until Ctrl-C
        dropwatch watch --by reason          what goes wrong, in a few lines
        dropwatch watch --by device          which devices lose packets
        dropwatch watch --by netns --by site    whose, and where
        dropwatch watch --duration 10s --top 5  a look of ten seconds
        dropwatch watch --packets            with some packets of each kind
        dropwatch watch 'udp port 53 and host 10.0.0.2'   only such packets, as tcpdump says it
        dropwatch watch --reason NO_SOCKET --netns blue   only these drops, there
        dropwatch watch --container 3f2a9c1   only those of a container's sockets
        dropwatch watch --source-lines       with file and line, by the kernel's debug information
        dropwatch watch --format classic     lines as the original wrote them
        dropwatch watch --source netdm       without BPF, on any kernel with drop_monitor
        dropwatch watch --json | jq 'select(.type == "tally")'
      """)

  @Option(help: ArgumentHelp("Time between reports: 200ms, 1s, 5m.", valueName: "time"))
  var interval = DurationArgument.second

  @Option(help: ArgumentHelp("How long to watch; without it until Ctrl-C.", valueName: "time"))
  var duration: DurationArgument?

  @Option(help: ArgumentHelp("How many reports to make.", valueName: "n"))
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "How many different kinds of drops can be counted; further ones count as overflowed.",
      valueName: "n"))
  var keys: UInt32 = 4096

  @OptionGroup var expression: ExpressionArgument

  @OptionGroup(title: "Filter") var filterOptions: FilterOptions

  @Flag(help: "Show packets as well: ten of each kind per second unless --limit says otherwise.")
  var packets = false

  @OptionGroup(title: "Packets") var packetOptions: PacketOptions

  @OptionGroup(title: "Source") var sourceOptions: SourceOptions

  @OptionGroup(title: "View") var view: ViewOptions

  @OptionGroup(title: "View") var lines: SourceLineOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count takes a number from 1 on.") }
    if !packets, packetOptions.areGiven {
      throw ValidationError("--limit, --snap and --stack are for packets: say --packets too.")
    }
    if packets, output.effectiveFormat == .classic {
      throw ValidationError("--format classic has no packets: leave one of them out.")
    }
    guard (1...1 << 20).contains(keys) else {
      throw ValidationError("--keys takes a number from 1 to 1048576.")
    }
  }

  func run() throws {
    let loss = try reporting {
      let naming = lines.naming()
      let loop = EventLoop()
      var request = sourceOptions.request
      request.ebpf.keys = keys
      request.filter = try filterOptions.request(expression).resolve()
      if packets { packetOptions.apply(to: &request, orLimit: .perSecond(10), orSnap: 128) }
      let watcher = Watcher(
        live: try LiveSource(request, names: naming),
        ranking: view.ranking(for: output.effectiveFormat),
        filter: request.filter.text, interval: interval.duration, duration: duration?.duration,
        count: count, packetPatience: packets ? .milliseconds(100) : nil, output: STDOUT_FILENO)
      let sink = output.sink(showing: watcher.ranking.dimensions, isRedrawn: !packets)
      // The terminal must be given back before an error is told.
      defer { (sink as? LiveScreen)?.restore() }
      return try watcher.run(loop, into: sink)
    }
    if loss.isLossy { throw ExitStatus.negative }
  }
}
