internal import ArgumentParser
internal import Bytes
internal import Diagnosis
internal import DropModel
internal import DropSources
internal import Export
internal import Filters
internal import Glibc
internal import KernelNames
internal import Recording
internal import Runtime

/// The subcommand `diagnose`.
struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Watch for a while, then say what is wrong, how sure that is, and what to do.",
    discussion: """
      One page: harmful drops first, then suspicious ones, then those that nobody misses in one line; \
      for each the numbers, what happened, how sure it is and why, what changed just before it began, \
      live values of this machine, a command to check and a fix. Last what could not be seen. Status 1 says that harm was found, or that drops were missed.

      EXAMPLES
        sudo dropwatch diagnose                    ten seconds of everything
        sudo dropwatch diagnose --duration 1m --netns blue
        sudo dropwatch diagnose 'tcp port 443'     only such packets
        dropwatch diagnose --from drops.db         of a recording, anywhere
        sudo dropwatch diagnose --markdown         to paste into a ticket
        sudo dropwatch diagnose --json | jq '.findings // empty'
      """)

  @OptionGroup var expression: ExpressionArgument

  @OptionGroup(title: "Filter") var filterOptions: FilterOptions

  @Option(help: ArgumentHelp("How long to watch; Ctrl-C ends it sooner.", valueName: "time"))
  var duration = DurationArgument.tenSeconds

  @Option(
    help: ArgumentHelp("Read a recording instead of watching.", valueName: "file"),
    completion: .file())
  var from: String?

  @OptionGroup(title: "Source") var sourceOptions: SourceOptions

  @OptionGroup(title: "Output") var output: PageOptions

  func run() throws {
    let isNegative = try reporting {
      signal(SIGPIPE, SIG_IGN)
      let diagnosis = try from.map(diagnosis(ofRecording:)) ?? live()
      try output.write(Page(diagnosis)) { $0.line(diagnosis) }
      // Of a recording, a filter may leave drops without an answer, which is told.
      return diagnosis.isHarmful || from == nil && diagnosis.loss.isLossy
    }
    if isNegative { throw ExitStatus.negative }
  }

  private func live() throws -> Diagnosis {
    let loop = EventLoop()
    var request = sourceOptions.request
    request.filter = try filterOptions.request(expression).resolve()
    // Enough of each kind for rules about flows and ports.
    request.askForPackets(.limited(perSecond: 50), snapLength: 128)
    let changes = ChangeLog(namespaces: try namespaces())
    let live = try LiveSource(request)
    changes.begin = .now
    let progress = ProgressLine(for: duration.duration)
    let host = HostWindow()
    let retransmissions = retransmissionLog()
    let lines = output.json ? JSONLines(descriptor: STDOUT_FILENO) : nil
    let observer = Observer(
      begun: { (session) throws(WriteError) in
        host.begin()
        try lines?.begin(session)
      }, taken: changes.read, shown: { try? retransmissions.log?.read() }, progress: progress.show)
    let watcher = Watcher(
      live: live, ranking: Ranking(dimensions: []), filter: request.filter.text,
      interval: min(duration.duration, .seconds(1)), duration: duration.duration, count: nil,
      packetPatience: .milliseconds(200), output: nil)
    _ = try watcher.run(loop, into: observer)
    progress.erase()
    let changed = changes.end()
    host.end()
    try retransmissions.log?.stop()
    var diagnosis = try observer.diagnosis(
      naming: live.resolver.drop(for:), host: host, filter: request.filter)
    diagnosis.changes = changed
    diagnosis.blindSpots += changes.problems
    diagnosis.retransmissions = retransmissions.log?.verdict
    diagnosis.retransmissions?.clues =
      (RetransmissionClue.received(diagnosis.findings).map { [$0] } ?? [])
      + (try RetransmissionClue.all(
        host.changes(in: Set(retransmissions.log?.namespaces ?? [])), knowledge: .embedded))
    diagnosis.blindSpots += retransmissions.problem.map { [$0] } ?? []
    return diagnosis
  }

  /// The inodes of the namespaces that are asked for; none for all.
  private func namespaces() throws -> [UInt32] {
    try filterOptions.netns.map { try NamespaceSearch().inode(of: $0) }
  }

  /// What watches retransmissions beside the drops, in the namespaces that are asked for; or why that
  /// cannot be.
  private func retransmissionLog() -> (log: RetransmissionLog?, problem: String?) {
    do {
      guard filterOptions.netns.count <= RetransmissionOptions.mostNamespaces else {
        return (nil, "Retransmissions were not watched: --netns is given too often for that.")
      }
      return (try RetransmissionLog(namespaces: namespaces(), types: LiveSource.kernelTypes()), nil)
    } catch {
      return (nil, "Retransmissions: \(error).")
    }
  }

  private func diagnosis(ofRecording path: String) throws -> Diagnosis {
    let file = try RecordingFile(path: path)
    let observer = Observer()
    var replay = Replay(
      file: file, range: nil, step: nil, ranking: Ranking(dimensions: []))
    replay.request = filterOptions.request(expression)
    replay.showsPackets = true
    try replay.run(into: observer)
    return try observer.diagnosis(
      naming: RecordedNames(file).drop(for:), host: nil, filter: DropFilter())
  }
}
