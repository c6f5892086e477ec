internal import Bytes
internal import CLinux
internal import Glibc

/// What another program writes, run to its end.
package enum ProgramOutput {
  /// Why there is none, as a sentence without its end.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    case notInstalled(String)
    /// It could not be started, or its output not be read.
    case failed(String)
    case late(String, Duration)
    case tooLong(String, bytes: Int)
    case status(String, Int32)

    package var description: String {
      switch self {
      case .notInstalled(let program): "\(program) is not installed"
      case .failed(let sentence): sentence
      case .late(let name, let patience):
        "\(name) took longer than \(patience.components.seconds) s"
      case .tooLong(let name, let bytes): "\(name) wrote more than \(bytes >> 20) MiB"
      case .status(let name, _): "\(name) failed; run it to see why"
      }
    }
  }

  /// Runs a program that is in PATH or where the system's own ones are, and returns what it has written
  /// on standard output; what it complains of is thrown away.
  ///
  /// It runs in this thread's network namespace, and is killed if it takes longer or writes more bytes
  /// than it may. `waiting` is called now and then with the time that has passed.
  package static func of(
    _ words: [String], patience: Duration, most: Int, waiting: (Duration) -> Void = { _ in }
  ) throws(Failure) -> [UInt8] {
    let name = words.joined(separator: " ")
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else {
      throw .failed("there is no pipe for \(name): \(errorText(errno))")
    }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let process: pid_t
    do throws(Failure) {
      defer { close(ends[1]) }
      do throws(Failure) {
        process = try start(words, writingTo: ends[1])
      } catch .notInstalled {
        process = try start(["/usr/sbin/" + words[0]] + words.dropFirst(), writingTo: ends[1])
      }
    } catch .notInstalled {
      throw .notInstalled(words[0])
    }
    let output: Result<[UInt8], Failure>
    do throws(Failure) {
      output = .success(try read(ends[0], of: name, patience, most, waiting))
    } catch {
      kill(process, SIGKILL)
      output = .failure(error)
    }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    let bytes = try output.get()
    guard status == 0 else { throw .status(name, status) }
    return bytes
  }

  private static func start(
    _ words: [String], writingTo end: Int32
  ) throws(Failure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, end, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    // Warnings go there as well, which are no errors.
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // Safe: strdup(3) copies the words, which stay until they are freed below.
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, words[0], &actions, nil, arguments, environ)
    guard code != ENOENT else { throw .notInstalled(words[0]) }
    guard code == 0 else { throw .failed("cannot start \(words[0]): \(errorText(code))") }
    return process
  }

  /// Reads to the end.
  private static func read(
    _ end: Int32, of name: String, _ patience: Duration, _ most: Int, _ waiting: (Duration) -> Void
  ) throws(Failure) -> [UInt8] {
    let start = ContinuousClock.now
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while output.count <= most {
      let waited = start.duration(to: .now)
      guard waited < patience else { throw .late(name, patience) }
      waiting(waited)
      var request = [pollfd(fd: end, events: Int16(POLLIN), revents: 0)]
      // A quarter of a second at most, so that whoever waits hears of it.
      guard unsafe clinux_poll(&request, 1, 250_000_000) > 0 else { continue }
      let count = unsafe Glibc.read(end, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw .failed("cannot read what \(name) writes: \(errorText(errno))")
      }
      if count == 0 { return output }
      output += buffer[..<count]
    }
    throw .tooLong(name, bytes: most)
  }
}
