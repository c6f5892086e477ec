internal import ArgumentParser
internal import Diagnosis
internal import DropModel
internal import DropSources
internal import Export
internal import Filters
internal import Glibc
internal import Runtime
internal import Terminal

/// The subcommand `packets`.
struct PacketsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "packets",
    abstract: "Show each dropped packet: why, where, from whom to whom, whose.",
    discussion: """
      One line a packet: time, reason, site, device and namespace, direction, the packet, its \
      owner. What is said about the run goes to standard error, so that standard output is packets \
      only. The last line accounts for all: what was offered was delivered, limited or lost.

      EXAMPLES
        dropwatch packets                    every packet, until Ctrl-C
        dropwatch packets --count 10         ten of them
        dropwatch packets 'tcp port 443 and host 10.0.0.2'   only these, as tcpdump says it
        dropwatch packets --reason NETFILTER_DROP --netns blue   only these drops, there
        dropwatch packets --limit 5          at most five of each kind per second
        dropwatch packets --stack            with the kernel's functions below each
        dropwatch packets -x --snap 1600     with its bytes
        dropwatch packets --pcapng - | wireshark -k -i -    live, reason and owner as comments
        dropwatch packets --json | jq -r .owner.unit    whose they are
      """)

  @Option(help: ArgumentHelp("Stop after so many packets.", valueName: "n"))
  var count: Int?

  @Option(help: ArgumentHelp("How long to watch; without it until Ctrl-C.", valueName: "time"))
  var duration: DurationArgument?

  @OptionGroup(title: "Packets") var packets: PacketOptions

  @Flag(name: [.customShort("x"), .customLong("hex")], help: "The packet's bytes below its line.")
  var hex = false

  @OptionGroup var expression: ExpressionArgument

  @Option(
    help: ArgumentHelp(
      "Write a pcapng file for Wireshark instead of lines; - is standard output.",
      valueName: "file"),
    completion: .file())
  var pcapng: String?

  @OptionGroup(title: "Filter") var filterOptions: FilterOptions

  @OptionGroup(title: "Source") var sourceOptions: SourceOptions

  @OptionGroup var lines: SourceLineOptions

  @Flag(help: "One object a line, see docs/output.md.")
  var json = false

  @Option(help: "When to use colour; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count takes a number from 1 on.") }
    if pcapng != nil, json || hex {
      throw ValidationError("--pcapng takes the place of lines: leave out --json and -x.")
    }
    if pcapng == "-", isatty(STDOUT_FILENO) == 1 {
      throw ValidationError("A terminal cannot show pcapng: name a file, or pipe it.")
    }
    if packets.limit == PacketLimit.none {
      throw ValidationError("--limit none leaves nothing to show; dropwatch watch only counts.")
    }
  }

  func run() throws {
    let loss = try reporting {
      let naming = lines.naming()
      let loop = EventLoop()
      var request = sourceOptions.request
      request.filter = try filterOptions.request(expression).resolve()
      packets.apply(to: &request, orLimit: .all, orSnap: 128)
      let live = try LiveSource(request, names: naming)
      let descriptor = try OutputFile.open(pcapng)
      let watcher = Watcher(
        live: live, ranking: Ranking(dimensions: [.reason, .site]), filter: request.filter.text,
        interval: .seconds(1), duration: duration?.duration, count: nil, packetCount: count,
        packetPatience: .milliseconds(100), output: descriptor)
      return try watcher.run(loop, into: sink(descriptor))
    }
    if loss.isLossy { throw ExitStatus.negative }
  }

  private func sink(_ descriptor: Int32) -> any Sink {
    if json { return JSONLines(descriptor: descriptor) }
    let isColored = color.isColored(
      isTerminal: TerminalDevice(descriptor: STDOUT_FILENO).isTerminal, environment: .current)
    var options = PacketLines.Options()
    options.hasStack = packets.stack
    options.hasBytes = hex
    options.isColored = isColored
    return Narration(
      of: pcapng == nil
        ? PacketLines(descriptor: descriptor, options: options)
        : PcapngFile(descriptor: descriptor), descriptor: STDERR_FILENO, isColored: isColored)
  }
}
