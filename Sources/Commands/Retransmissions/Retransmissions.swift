internal import ArgumentParser
internal import DropModel
internal import DropSources
internal import Filters
internal import Glibc
internal import Runtime
internal import Terminal

/// The subcommand `retransmissions`.
struct Retransmissions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell whether what TCP sends again was dropped on this machine.",
    discussion: """
      Each retransmission is compared with the drops of its connection. DROPPED HERE: a part of it was \
      dropped on this machine. ACK DROPPED: its acknowledgement was. REFUSED: the receiver is on this \
      machine and did not want it. OTHER DROPS: the connection lost only other segments here. NO LOCAL \
      DROP: it was lost beyond this machine's view, or was late. Segments are counted, as nstat's \
      TcpRetransSegs does but for the rare cases of docs/limitations.md.

      EXAMPLES
        dropwatch retransmissions                    until Ctrl-C, then the verdict
        dropwatch retransmissions --duration 1m      the verdict of a minute
        dropwatch retransmissions --lines            each of them, with the drop before it
        dropwatch retransmissions --netns blue       what is dropped outside of blue is beyond its view
        dropwatch retrans --json | jq -r 'select(.last) | .verdict'
      """,
    aliases: ["retrans"])

  @Option(help: ArgumentHelp("Time between reports: 200ms, 1s, 5m.", valueName: "time"))
  var interval = DurationArgument.second

  @Option(help: ArgumentHelp("How long to watch; without it until Ctrl-C.", valueName: "time"))
  var duration: DurationArgument?

  @Option(
    help: ArgumentHelp(
      "Only this network namespace counts as this machine, may be repeated: a name of ip netns, init, pid:812, a path, an inode.",
      valueName: "netns"))
  var netns: [String] = []

  @Option(
    help: ArgumentHelp(
      "How many connections with drops are remembered, at 1 KiB each.", valueName: "n"))
  var flows: UInt32 = 4096

  @Option(help: ArgumentHelp("Show only the first N peers.", valueName: "n"))
  var top = 20

  @Flag(help: "A line for each retransmission instead of a table.")
  var lines = false

  @Flag(help: "One object a line, see docs/output.md.")
  var json = false

  @Option(help: "When to use colour; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  func validate() throws {
    guard (1...1 << 20).contains(flows) else {
      throw ValidationError("--flows takes a number from 1 to 1048576.")
    }
    if top < 1 { throw ValidationError("--top takes a number from 1 on.") }
    if netns.count > RetransmissionOptions.mostNamespaces {
      throw ValidationError(
        "--netns can be given \(RetransmissionOptions.mostNamespaces) times at most.")
    }
  }

  func run() throws {
    let loss = try reporting {
      let loop = EventLoop()
      var options = RetransmissionOptions()
      options.flows = flows
      for name in netns { options.namespaces.append(try NamespaceSearch().inode(of: name)) }
      let terminal = TerminalDevice(descriptor: STDOUT_FILENO)
      let display = RetransmissionDisplay(
        isJSON: json, showsEach: lines, top: top, terminal: terminal,
        isColored: color.isColored(isTerminal: terminal.isTerminal, environment: .current))
      let types = try LiveSource.kernelTypes()
      var watch = RetransmissionWatch(
        source: try RetransmissionSource(options: options, types: types), types: types,
        display: display, namespaces: options.namespaces,
        filter: netns.map { "netns=\($0)" }.joined(separator: "; "))
      return try watch.run(loop, interval: interval.duration, duration: duration?.duration)
    }
    if loss.isLossy { throw ExitStatus.negative }
  }
}
