internal import ArgumentParser
internal import Bytes
internal import Diagnosis
internal import DropModel
internal import Export
internal import Glibc
internal import Recording
internal import Runtime
internal import Terminal

/// The subcommand `diff`.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what two recordings differ in.",
    discussion: """
      Rates per second are compared, so recordings need not be equally long; names are, so they may be of \
      different machines. P is how likely counts so different are if nothing changed; from 0.01 on a \
      difference is within noise. Drops that come in bursts vary more than chance, which is taken \
      from the recordings' own intervals: the more of these, the better.

      EXAMPLES
        dropwatch diff before.db after.db                 what a change did
        dropwatch diff before.db after.db --by reason
        dropwatch diff before.db after.db --json | jq 'select(.significant)'
      """)

  @Argument(help: "The recording that is compared with.", completion: .file())
  var before: String

  @Argument(help: "The recording that is looked at.", completion: .file())
  var after: String

  @Option(
    help: ArgumentHelp(
      "What drops are told apart by, may be repeated; without it by all of them.",
      valueName: "property"))
  var by: [Dimension] = []

  @Option(help: ArgumentHelp("Show only the first N rows.", valueName: "n"))
  var top: Int?

  @Flag(help: "Objects, one a line: docs/output.md.")
  var json = false

  @Option(help: "When to use colour; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top takes a number from 1 on.") }
  }

  func run() throws {
    let isWhole = try reporting {
      signal(SIGPIPE, SIG_IGN)
      let files = (try RecordingFile(path: before), try RecordingFile(path: after))
      let isSameKernel =
        files.0.run.session.kernel == files.1.run.session.kernel
        && files.0.run.context.typesDigest == files.1.run.context.typesDigest
      let counts = (
        try count(files.0, isSameKernel: isSameKernel),
        try count(files.1, isSameKernel: isSameKernel)
      )
      do {
        try show(
          Difference.all(before: counts.0, after: counts.1),
          before: compared(files.0, counts.0), after: compared(files.1, counts.1),
          notes: notes(files.0, files.1, isSameKernel: isSameKernel))
      } catch WriteError.brokenPipe {}
      return !files.0.isDamaged && !files.1.isDamaged
    }
    if !isWhole { throw ExitStatus.negative }
  }

  private var dimensions: Set<Dimension> { by.isEmpty ? Set(Dimension.allCases) : Set(by) }

  private func count(_ file: RecordingFile, isSameKernel: Bool) throws -> DropCounts {
    let names = RecordedNames(file)
    let source = RecordingSource(file, advancingBy: .nanoseconds(1), handsOver: false)
    var counts = DropCounts()
    var batch = DropBatch()
    var kinds: [DropKey: (drop: Drop, kind: Drop)] = [:]
    while let next = source.next {
      try source.read(into: &batch)
      for tally in batch.tallies {
        let known =
          kinds[tally.key]
          ?? {
            let drop = names.drop(for: tally.key).keeping(dimensions)
            return (drop, drop.kind(dimensions, isSameKernel: isSameKernel))
          }()
        kinds[tally.key] = known
        counts.add(tally.counts.drops, of: known.drop, kind: known.kind)
      }
      counts.endInterval(after: next.duration)
      batch.removeAll()
    }
    return counts
  }

  private func compared(_ file: RecordingFile, _ counts: DropCounts) -> ComparedRun {
    ComparedRun(
      file: file.path, session: file.run.session, duration: counts.duration,
      drops: counts.total)
  }

  private func notes(
    _ before: RecordingFile, _ after: RecordingFile, isSameKernel: Bool
  ) -> [String] {
    var notes = before.notes + after.notes
    if !isSameKernel {
      notes.append("the kernels differ: sites are compared by function, without offset")
    }
    let sources = (before.run.session.source.name, after.run.session.source.name)
    if sources.0 != sources.1 {
      notes.append(
        "\(sources.0) and \(sources.1) do not see the same: see docs/limitations.md")
    }
    if before.run.session.filter != after.run.session.filter {
      notes.append(
        "the filters differ: \(before.run.session.filter ?? "none") and "
          + "\(after.run.session.filter ?? "none")")
    }
    return notes
  }

  private func show(
    _ differences: [Difference], before: ComparedRun, after: ComparedRun, notes: [String]
  ) throws {
    let shown = differences.prefix(top ?? .max)
    if json {
      var lines = DifferenceLines(descriptor: STDOUT_FILENO)
      try lines.write(before: before, after: after, notes: notes)
      for difference in shown { try lines.write(difference) }
      return
    }
    let terminal = TerminalDevice(descriptor: STDOUT_FILENO)
    var text = TextBuffer()
    for (title, run) in [("before", before), ("after", after)] {
      text.append("\(title): \(grouped(run.drops)) drops in ")
      text.append(decimal: run.duration.seconds, digits: 1)
      text.append(
        " s, \(run.file), Linux \(run.session.kernel) on \(run.session.host)\n")
    }
    for note in notes { text.append("note: \(note)\n") }
    if !shown.isEmpty {
      DifferenceTable(by: dimensions).table(of: Array(shown)).write(
        to: &text, width: terminal.isTerminal ? terminal.size?.columns : nil,
        isColored: color.isColored(isTerminal: terminal.isTerminal, environment: .current))
    }
    if differences.count > shown.count {
      text.append("… \(differences.count - shown.count) more rows\n")
    }
    try text.write(to: STDOUT_FILENO)
  }
}
