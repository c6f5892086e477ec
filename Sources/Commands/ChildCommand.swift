internal import Bytes
internal import CLinux
internal import Glibc

/// A command that a run lasts as long as, started as a shell would start it.
final class ChildCommand {
  /// Why it could not be started.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let words: [String]
  let process: pid_t
  /// Becomes readable when it ends.
  let descriptor: Int32

  /// Starts it with our streams and the signals that we were started with.
  ///
  /// `output` is the descriptor that is to be its standard output, if not ours: ours may be for
  /// something else.
  init(_ words: [String], output: Int32 = STDOUT_FILENO) throws(Failure) {
    self.words = words
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    if output != STDOUT_FILENO {
      unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    // Ours are blocked and taken from a descriptor, and SIGPIPE is ignored: not the command's ways.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    // Safe: strdup(3) copies the words, which stay until they are freed below.
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var started: pid_t = 0
    let code = unsafe posix_spawnp(
      &started, words[0], &actions, &attributes, arguments, environ)
    guard code == 0 else {
      throw Failure(description: "cannot start \(words[0]): \(errorText(code))")
    }
    process = started
    descriptor = clinux_pidfd_open(started)
    guard descriptor >= 0 else {
      throw Failure(
        description: "cannot wait for \(words[0]): \(errorText(errno)). It takes Linux 5.3")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// How it ended; it is not waited for.
  func ending() -> Ending {
    var status: Int32 = 0
    let ended = unsafe waitpid(process, &status, WNOHANG)
    if ended == 0 { return Ending(words[0], .running(process)) }
    // See wait(2): the lowest seven bits are the signal, the next eight the status.
    let signal = status & 0x7F
    return Ending(words[0], signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal))
  }

  /// What became of a command.
  struct Ending: CustomStringConvertible {
    enum Kind: Equatable { case running(pid_t), status(Int32), signal(Int32) }

    let program: String
    let kind: Kind

    init(_ program: String, _ kind: Kind) {
      self.program = program
      self.kind = kind
    }

    /// Whether it has ended, and not well.
    var isFailure: Bool {
      switch kind {
      case .running: false
      case .status(let status): status != 0
      case .signal: true
      }
    }

    var description: String {
      switch kind {
      case .running(let process): "\(program) is still running as process \(process)"
      case .status(let status): "\(program) ended with status \(status)"
      case .signal(let signal): "\(program) was ended by signal \(signal)"
      }
    }
  }
}
