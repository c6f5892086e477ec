internal import ArgumentParser
internal import Bytes
internal import Diagnosis
internal import DropModel
internal import DropSources
internal import Export
internal import Filters
internal import Glibc
internal import Runtime

/// The subcommand `check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say whether drops keep within limits: for tests, canaries and monitoring.",
    discussion: """
      Counts for a while, or as long as the command after -- runs, and compares with the limits. \
      Without a limit nothing may be dropped at all. Status 0 says that every limit was kept for sure \
      and the command ended well; 1 that not, or that nobody can tell since drops were missed; 2 that it could not run. \
      With --json the command's output goes to standard error.

      EXAMPLES
        sudo dropwatch check --max-total 100                  in the next ten seconds
        sudo dropwatch check --max SOCKET_RCVBUFF=0 --max QDISC_DROP=50 --for 1m
        sudo dropwatch check --max NO_SOCKET=0 --netns blue -- make test
        sudo dropwatch check --max tcp_v4_rcv=0               a function of the kernel's
        sudo dropwatch check 'tcp port 443' --json | jq 'select(.type == "limit")'
        sudo dropwatch check --junit drops.xml -- ./load-test
      """)

  @Argument(
    help: ArgumentHelp(
      "What packets must match, as tcpdump has it, in quotes: 'udp port 53 and host 10.0.0.2'.",
      valueName: "expression"))
  var expression: String?

  @Option(
    help: ArgumentHelp(
      "So many drops for a reason, or in a function, are allowed; may be given often.",
      valueName: "name=n"))
  var max: [LimitArgument] = []

  @Option(help: ArgumentHelp("So many drops are allowed in all.", valueName: "n"))
  var maxTotal: UInt64?

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "How long to count: ten seconds, or until the command ends, unless this says less.",
      valueName: "time"))
  var duration: DurationArgument?

  @OptionGroup(title: "Filter") var filterOptions: FilterOptions

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("A command to run meanwhile.", valueName: "command"))
  var command: [String] = []

  @Option(
    help: ArgumentHelp("Write JUnit's XML into this file as well.", valueName: "file"),
    completion: .file())
  var junit: String?

  @OptionGroup(title: "Output") var output: PageOptions

  @OptionGroup(title: "Source") var sourceOptions: SourceOptions

  func validate() throws {
    _ = try limits
  }

  func run() throws {
    let isPassed = try reporting {
      signal(SIGPIPE, SIG_IGN)
      // Before anything runs: a report that cannot be written is no reason to run twice.
      let report = try junit.map { try OutputFile.open($0) }
      let check = try check()
      if let report {
        var text = TextBuffer()
        text.append(junit: check)
        try text.write(to: report)
      }
      try output.write(Page(check)) { $0.lines(check) }
      return check.isPassed
    }
    if !isPassed { throw ExitStatus.negative }
  }

  private var limits: [DropLimit] {
    get throws {
      let total = maxTotal ?? (max.isEmpty ? 0 : nil)
      return try max.map { try $0.limit() } + (total.map { [DropLimit(name: nil, most: $0)] } ?? [])
    }
  }

  private func check() throws -> LimitCheck {
    let loop = EventLoop()
    var request = sourceOptions.request
    request.filter = try filterOptions.request(ExpressionArgument(expression)).resolve()
    let time = duration?.duration ?? (command.isEmpty ? .seconds(10) : nil)
    let progress = ProgressLine(for: time)
    let lines = output.json ? JSONLines(descriptor: STDOUT_FILENO) : nil
    let observer = Observer(
      begun: { (session) throws(WriteError) in try lines?.begin(session) },
      progress: progress.show)
    let live = try LiveSource(request)
    var child: ChildCommand?
    var watcher = Watcher(
      live: live, ranking: Ranking(dimensions: []), filter: request.filter.text,
      interval: min(time ?? .seconds(1), .seconds(1)), duration: time, count: nil, output: nil)
    watcher.starting = {
      guard !command.isEmpty else { return nil }
      // What it writes is no line of JSON.
      child = try ChildCommand(command, output: output.json ? STDERR_FILENO : STDOUT_FILENO)
      return child?.descriptor
    }
    _ = try watcher.run(loop, into: observer)
    progress.erase()
    guard let session = observer.session, let summary = observer.summary else {
      preconditionFailure("a run that went well has begun and ended")
    }
    let kinds = observer.ledger.entries.map { key, entry in
      (drop: live.resolver.drop(for: key), drops: entry.total.drops)
    }
    var check = LimitCheck(
      try limits, of: kinds, session: session, duration: summary.duration, loss: summary.loss)
    check.blindSpots += observer.notes
    if let child {
      let ending = child.ending()
      check.command = LimitCheck.Command(
        words: command, ending: ending.description, hasFailed: ending.isFailure)
    }
    return check
  }
}
