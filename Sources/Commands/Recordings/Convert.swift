internal import ArgumentParser
internal import Bytes
internal import Diagnosis
internal import DropModel
internal import Export
internal import Glibc
internal import Recording
internal import Runtime

/// The subcommand `convert`.
struct Convert: ParsableCommand {
  /// What a recording can be made into.
  enum Target: String, CaseIterable, ExpressibleByArgument {
    case pcapng, json, csv, folded
  }

  static let configuration = CommandConfiguration(
    abstract: "Make other programs' files of a recording.",
    discussion: """
      pcapng: each packet that was kept, for Wireshark and tshark; reason, site and owner are its \
      comment, each device of each namespace an interface, whose statistics have all drops. \
      json: what watch --json and its packets are, interval by interval. \
      csv: a line per interval and kind of drop. \
      folded: the kernel stacks of the packets, for flamegraph.pl and speedscope (record --stack).

      EXAMPLES
        dropwatch convert drops.db --to pcapng -o drops.pcapng
        dropwatch convert drops.db --to pcapng | tshark -r - -T fields -e frame.comment
        dropwatch convert drops.db --to csv --from=-1m > minute.csv
        dropwatch convert drops.db --to folded | flamegraph.pl > drops.svg
      """)

  @Argument(help: "The recording.", completion: .file())
  var file: String

  @OptionGroup var expression: ExpressionArgument

  @OptionGroup(title: "Filter") var filterOptions: FilterOptions

  @Option(help: "What is made of it.")
  var to: Target

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Where it goes; without it to standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp("Leave out what came before, as in report.", valueName: "moment"))
  var from: TimeBound?

  @Option(
    help: ArgumentHelp("Leave out what came later.", valueName: "moment"))
  var until: TimeBound?

  func validate() throws {
    if output == nil, to == .pcapng, isatty(STDOUT_FILENO) == 1 {
      throw ValidationError("A terminal cannot show pcapng: say -o FILE, or pipe it.")
    }
  }

  func run() throws {
    let isWhole = try reporting {
      signal(SIGPIPE, SIG_IGN)
      let file = try RecordingFile(path: file)
      let descriptor = try OutputFile.open(output)
      defer { if output != nil { close(descriptor) } }
      let sink = sink(descriptor)
      var replay = Replay(
        file: file, range: try TimeBound.range(from: from, to: until, of: file),
        step: .nanoseconds(1), ranking: Ranking())
      replay.request = filterOptions.request(expression)
      replay.showsPackets = to != .csv
      do { try replay.run(into: sink) } catch WriteError.brokenPipe {}
      for note in file.notes { printError(note) }
      if let folded = sink as? FoldedStacks, folded.stackless > 0 {
        printError(
          "\(folded.stackless) packets have no stack and are left out: record with --stack")
      }
      return !file.isDamaged
    }
    if !isWhole { throw ExitStatus.negative }
  }

  private func sink(_ descriptor: Int32) -> any Sink {
    switch to {
    case .pcapng: PcapngFile(descriptor: descriptor)
    case .json: JSONLines(descriptor: descriptor)
    case .csv: CSVRows(descriptor: descriptor)
    case .folded: FoldedStacks(descriptor: descriptor)
    }
  }
}
