internal import ArgumentParser
internal import Bytes
internal import Diagnosis
internal import DropModel
internal import Export
internal import Glibc
internal import Recording
internal import Runtime

/// The subcommand `report`.
struct RecordingReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Show what a recording holds, as if it happened now.",
    discussion: """
      Needs no privileges and not the machine or kernel of the recording: all names are in it. \
      Without --interval all of it is one table. What is missing of a file that was cut short is told; \
      status 1 means that it is damaged.

      EXAMPLES
        dropwatch report drops.db                     where and why, in all
        dropwatch report drops.db --by reason --top 5
        dropwatch report drops.db --interval 10s      how it went
        dropwatch report drops.db --from +1m --to +2m the second minute
        dropwatch report drops.db --from=-30s         the last half minute
        dropwatch report drops.db --reason SOCKET_RCVBUFF --packets 'udp port 53'
        dropwatch report drops.db --from 10:24:00 --to 10:25:00 --json
      """)

  @Argument(help: "The recording.", completion: .file())
  var file: String

  @OptionGroup var expression: ExpressionArgument

  @OptionGroup(title: "Filter") var filterOptions: FilterOptions

  @OptionGroup(title: "Part") var part: RangeOptions

  @Option(
    help: ArgumentHelp(
      "A report for each such time, as far as the recording's own intervals go.",
      valueName: "time"))
  var interval: DurationArgument?

  @Flag(help: "Show each packet as well.")
  var packets = false

  @OptionGroup(title: "View") var view: ViewOptions

  @OptionGroup(title: "View") var lines: SourceLineOptions

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let isWhole = try reporting {
      signal(SIGPIPE, SIG_IGN)
      let file = try RecordingFile(path: file)
      let ranking = view.ranking(for: output.effectiveFormat)
      var replay = Replay(
        file: file, range: try part.range(of: file), step: interval?.duration, ranking: ranking)
      replay.request = filterOptions.request(expression)
      replay.showsPackets = packets
      replay.showing = { lines.adding(to: $0, of: file.run, in: self.file) }
      // The last word of a table is all that one report would be.
      replay.endsInTotals = output.effectiveFormat == .table
      do {
        try replay.run(into: output.sink(showing: ranking.dimensions, isRedrawn: false))
      } catch WriteError.brokenPipe {}
      return !file.isDamaged
    }
    if !isWhole { throw ExitStatus.negative }
  }
}
