/// What the prompt does about what happens: a pure state machine.
///
/// It knows the settings and whether drops are being watched. Whoever drives it does the actions
/// in their order, and reports how a start went.
struct PromptState: Equatable {
  /// What happens.
  enum Event: Equatable {
    /// Somebody has typed a line, or a pipe has brought one.
    case command(PromptCommand)
    /// Ctrl-C.
    case interrupt
    /// SIGTERM, SIGHUP or SIGQUIT.
    case terminate
    /// There will be no more commands; `isTyped` if somebody typed Ctrl-D.
    case inputEnded(isTyped: Bool)
    /// As many alerts as asked for have been shown.
    case limitReached
    /// Drops are being watched.
    case started
    /// Watching could not begin, or could not go on.
    case failed
  }

  /// What is to be done.
  enum Action: Equatable {
    /// Print a line.
    case say(String)
    /// Print a sentence where errors go.
    case complain(String)
    /// The same, and the run has not done what it was asked for.
    case fail(String)
    /// Attach the source, then report `.started` or `.failed`.
    case attach
    /// Detach it, show what has not been shown, and the account.
    case detach
    /// Print the statistics of this run, or of the last.
    case showStatistics
    /// Forget what is typed and ask anew.
    case clearLine
    /// End the program.
    case end
  }

  /// What the next start will ask for; while watching, what it has asked for.
  private(set) var settings: PromptSettings
  /// Whether drops are being watched.
  private(set) var isMonitoring = false
  /// Whether it knows that no more commands will come.
  private(set) var inputHasEnded = false

  init(settings: PromptSettings = PromptSettings()) { self.settings = settings }

  /// Takes an event and says what is to be done.
  mutating func handle(_ event: Event) -> [Action] {
    switch event {
    case .command(let command): return handle(command)
    case .interrupt: return isMonitoring ? stop() : [.clearLine]
    case .terminate: return stop() + [.say(Words.shuttingDown), .end]
    case .inputEnded(let isTyped): return endInput(isTyped: isTyped)
    case .limitReached: return isMonitoring ? [.say(Words.limitReached)] + stop() : []
    case .started:
      isMonitoring = true
      return [.say(Words.activated), .say(Words.howToStop)]
    case .failed:
      isMonitoring = false
      return []
    }
  }

  private mutating func handle(_ command: PromptCommand) -> [Action] {
    switch command {
    case .start: return start()
    case .stop: return isMonitoring ? stop() : [.complain(Words.notMonitoring)]
    case .exit: return stop() + [.say(Words.shuttingDown), .end]
    case .help: return Words.help.map { .say($0) }
    case .show: return settings.lines.map { .say($0) }
    case .stats: return [.showStatistics]
    case .set(let setting): return set(setting)
    }
  }

  private func start() -> [Action] {
    if isMonitoring { return [.complain(Words.alreadyMonitoring)] }
    guard settings.software || settings.hardware else { return [.fail(Words.nothingToMonitor)] }
    return [.say(Words.enabling), .attach]
  }

  /// Nothing if nothing is being watched.
  private mutating func stop() -> [Action] {
    guard isMonitoring else { return [] }
    isMonitoring = false
    return [.say(Words.stopped), .detach]
  }

  /// A pipe that has ended leaves the watching to signals and the alert limit.
  private mutating func endInput(isTyped: Bool) -> [Action] {
    inputHasEnded = true
    guard !isMonitoring || isTyped else { return [] }
    return stop() + [.say(Words.terminating), .say(Words.shuttingDown), .end]
  }

  private mutating func set(_ setting: PromptCommand.Setting) -> [Action] {
    if isMonitoring { return [.complain(Words.stopFirst)] }
    settings.apply(setting)
    return Words.answers(to: setting).map { .say($0) }
  }
}
