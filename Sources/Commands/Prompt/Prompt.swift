internal import ArgumentParser
internal import Bytes
internal import DropModel
internal import DropSources
internal import Export
internal import Glibc
internal import Runtime

/// The classic prompt: takes commands, and shows drops between `start` and `stop`.
///
/// What to do is decided by ``PromptState``; this drives it with what the event loop brings.
struct Prompt: ~Copyable {
  private let loop: EventLoop
  private var input: PromptInput
  private var state: PromptState
  private var monitoring: Monitoring?
  private var lastLoss = Loss()
  private var isLossy = false
  private var hasFailed = false
  private var isOver = false
  private var told: Set<String> = []

  /// Takes over signals and the terminal, and gives them back when it goes.
  init(source: SourceRequest) {
    state = PromptState(settings: PromptSettings(source: source))
    loop = EventLoop(taking: [SIGQUIT, SIGTSTP, SIGWINCH])
    input = PromptInput(signals: loop.signalDescriptor)
  }

  /// Runs until it is told to end; throws the exit status if that is not 0.
  mutating func run(announcing isAnnouncing: Bool) throws {
    do {
      if isAnnouncing { try say(Words.initializing) }
      while !isOver { try step() }
    } catch let error as WriteError where error.isNobodyThere {
      // The account still decides the status.
      if let monitoring { settle(monitoring) }
    }
    input.release()
    if hasFailed, !input.isTerminal { throw ExitStatus.failure }
    if isLossy { throw ExitStatus.negative }
  }

  /// One command, or one event.
  private mutating func step() throws {
    if let line = try input.next(isAsked: !state.isMonitoring) { return try execute(line) }
    if !state.isMonitoring { try input.ask() }
    if input.hasEnded, !state.isMonitoring || !state.inputHasEnded {
      return try react(to: .inputEnded(isTyped: input.isTerminal))
    }
    switch loop.wait(
      until: monitoring?.deadline, packets: monitoring?.wakeDescriptor, input: input.descriptor,
      output: STDOUT_FILENO)
    {
    case .deadline: try watching { try $0.tick() }
    case .packets: try watching { try $0.showPackets() }
    case .input: try input.read()
    case .outputClosed: throw WriteError.brokenPipe
    case .signal(SIGINT): try react(to: .interrupt)
    case .signal(SIGTSTP):
      input.release()
      loop.stopProcess()
    case .signal(SIGWINCH): input.resize()
    case .signal:
      // The terminal is given back first: it may take a while, and somebody may lose patience.
      try input.leaveLine()
      try react(to: .terminate)
    }
    if monitoring?.isAtLimit == true { try react(to: .limitReached) }
  }

  private mutating func execute(_ line: String) throws {
    let command: PromptCommand?
    do throws(PromptCommandError) {
      command = try PromptCommand(line: line)
    } catch {
      return printError("\(error)")
    }
    if let command { try react(to: .command(command)) }
  }

  private mutating func react(to event: PromptState.Event) throws {
    for action in state.handle(event) {
      switch action {
      case .say(let line): try say(line)
      case .complain(let sentence): printError(sentence)
      case .fail(let sentence):
        printError(sentence)
        hasFailed = true
      case .attach: try attach()
      case .detach: try detach()
      case .showStatistics: try showStatistics()
      case .clearLine: try input.leaveLine(marking: "^C")
      case .end: isOver = true
      }
    }
  }

  private mutating func attach() throws {
    do throws(SourceError) {
      monitoring = try Monitoring(state.settings)
    } catch {
      return try fail(error)
    }
    try react(to: .started)
  }

  private mutating func detach() throws {
    try watching { try $0.finish() }
    guard let monitoring else { return }
    try monitoring.showAccount()
    settle(monitoring)
  }

  private mutating func showStatistics() throws {
    if let loss = try watching({ try $0.statistics() }) { lastLoss = loss }
    // NET_DM's are the kernel's own, since its module was loaded; the account below is of the run.
    if state.settings.source.choice == .netdm, let probe = try? DropMonitorProbe() {
      for line in Words.statistics(probe.statistics) { try say(line) }
    } else {
      for line in Words.statistics(tailDropped: lastLoss.lost) { try say(line) }
    }
    var text = TextBuffer(capacity: 256)
    text.append(account: lastLoss)
    text.append("\n")
    try text.write(to: STDOUT_FILENO)
  }

  /// Does something with the running source; nil if there is none, or none any more.
  @discardableResult
  private mutating func watching<Value>(_ body: (Monitoring) throws -> Value) throws -> Value? {
    guard let monitoring else { return nil }
    do {
      defer {
        for note in monitoring.notes where told.insert(note).inserted { printError(note) }
      }
      return try body(monitoring)
    } catch let error as SourceError {
      settle(monitoring)
      try fail(error)
      return nil
    }
  }

  /// Takes the account of a run that is over.
  private mutating func settle(_ monitoring: Monitoring) {
    lastLoss = monitoring.loss()
    isLossy = isLossy || lastLoss.isLossy
    self.monitoring = nil
  }

  private mutating func fail(_ error: SourceError) throws {
    printError("\(error)")
    hasFailed = true
    try react(to: .failed)
  }

  private func say(_ line: String) throws(WriteError) {
    var text = TextBuffer(capacity: line.utf8.count + 1)
    text.append(line)
    text.append("\n")
    try text.write(to: STDOUT_FILENO)
  }
}

extension WriteError {
  /// Whether there is nobody to write to: a pipe without a reader, or a terminal that is gone.
  fileprivate var isNobodyThere: Bool {
    switch self {
    case .brokenPipe: true
    case .failed(let code): code == EIO
    case .refused: false
    }
  }
}
