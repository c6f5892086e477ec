internal import ArgumentParser
internal import Bytes
internal import Diagnosis
internal import DropModel
internal import DropSources
internal import Filters
internal import Glibc
internal import Recording
internal import Runtime
internal import Terminal

/// The subcommand `record`.
struct Record: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record drops into a file, to ask questions of later.",
    discussion: """
      The file is an SQLite database: counts per interval, packets, and the names of everything as \
      it was here; docs/recording-format.md. It lasts until Ctrl-C, --duration, or the command after \
      -- has ended. Each interval is safe when it ends, packets after a second: no crash and no full \
      disk takes more. Ten packets of each kind per second are kept unless --limit says otherwise. Exit status 1 means that something is not in it, which the account tells; \
      the command's own status is only reported.

      With --rotate-size the file is renamed FILE.1 when it has become so large (and FILE.1 to FILE.2, \
      and so on), and FILE begun anew. Each is complete in itself; FILE is always the newest.

      EXAMPLES
        dropwatch record drops.db                      until Ctrl-C
        dropwatch record drops.db --duration 10m --limit all
        dropwatch record drops.db -- curl https://example.org
        dropwatch record drops.db 'udp port 53' --reason SOCKET_RCVBUFF
        dropwatch record drops.db --stack --snap 256    with kernel stacks, more of each packet
        dropwatch record ring.db --rotate-size 100M --rotate-count 10
        sqlite3 drops.db 'SELECT reason, sum(drops) FROM drops GROUP BY 1'
      """)

  @Argument(help: "The file to make.", completion: .file())
  var file: String

  @Argument(
    help: ArgumentHelp(
      "What packets must match, as tcpdump has it, in quotes: 'udp port 53 and host 10.0.0.2'.",
      valueName: "expression"))
  var expression: String?

  @OptionGroup(title: "Filter") var filterOptions: FilterOptions

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("A command to run meanwhile.", valueName: "command"))
  var command: [String] = []

  @Option(help: ArgumentHelp("How long to record; without it until Ctrl-C.", valueName: "time"))
  var duration: DurationArgument?

  @Option(help: ArgumentHelp("What counts are kept apart by: 200ms, 1s, 5m.", valueName: "time"))
  var interval = DurationArgument.second

  @OptionGroup(title: "Packets") var packetOptions: PacketOptions

  @Option(
    help: ArgumentHelp(
      "How many different kinds of drops can be counted; further ones count as overflowed.",
      valueName: "n"))
  var keys: UInt32 = 4096

  @Option(
    help: ArgumentHelp("Begin a new file when one is so large: 64K, 100M, 2G.", valueName: "size"))
  var rotateSize: ByteSize?

  @Option(help: ArgumentHelp("Keep so many files, and remove older ones.", valueName: "n"))
  var rotateCount: Int?

  @Flag(help: "Replace recordings of that name.")
  var overwrite = false

  @OptionGroup(title: "Source") var sourceOptions: SourceOptions

  func validate() throws {
    guard (1...1 << 20).contains(keys) else {
      throw ValidationError("--keys takes a number from 1 to 1048576.")
    }
    if let rotateCount, rotateCount < 1 {
      throw ValidationError("--rotate-count takes a number from 1 on.")
    }
    if rotateCount != nil, rotateSize == nil {
      throw ValidationError("--rotate-count needs --rotate-size.")
    }
  }

  func run() throws {
    let isComplete = try reporting {
      let request = try request
      let sink = try RecordingSink(
        RecordingPath(file, count: rotateCount), overwrites: overwrite,
        rotationBytes: rotateSize?.bytes, context: context)
      let loop = EventLoop()
      let display = RecordingDisplay(
        sink, path: file, terminal: TerminalDevice(descriptor: STDERR_FILENO))
      var child: ChildCommand?
      var watcher = Watcher(
        live: try LiveSource(request), ranking: Ranking(dimensions: []),
        filter: request.filter.text, interval: interval.duration, duration: duration?.duration,
        count: nil, output: nil)
      watcher.starting = {
        guard !command.isEmpty else { return nil }
        child = try ChildCommand(command)
        return child?.descriptor
      }
      defer { if let child { printError(child.ending().description) } }
      do {
        return try !watcher.run(loop, into: display).isLossy
      } catch let refusal as RefusedOutput {
        printError(refusal.description)
        display.account(for: refusal)
        return false
      }
    }
    if !isComplete { throw ExitStatus.negative }
  }

  /// What the source is asked for.
  private var request: SourceRequest {
    get throws {
      var request = sourceOptions.request
      request.filter = try filterOptions.request(ExpressionArgument(expression)).resolve()
      request.ebpf.keys = keys
      packetOptions.apply(to: &request, orLimit: .perSecond(10), orSnap: 128)
      // A commit may wait for the disk while packets keep coming.
      if request.ebpf.packets == .all { request.ebpf.ringBytes = 32 << 20 }
      return request
    }
  }

  private var context: RecordingContext {
    let types = try? [UInt8](contentsOfBlob: "/sys/kernel/btf/vmlinux")
    return RecordingContext(
      typesDigest: types.map(RecordingContext.digest),
      command: command.isEmpty ? nil : command.joined(separator: " "), sysctls: Sysctls.current)
  }
}
