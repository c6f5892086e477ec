internal import Bytes
internal import CLinux
internal import Glibc
internal import Netlink

/// What a program of the system writes, run to its end in a network namespace.
enum ProgramOutput {
  /// Why there is none, as a sentence without its end.
  enum Failure: Error, CustomStringConvertible {
    case notInstalled(String)
    case failed(String)

    var description: String {
      switch self {
      case .notInstalled(let program): "\(program) is not installed"
      case .failed(let sentence): sentence
      }
    }
  }

  /// How long a program may take, and how much it may write, in bytes.
  private static let patience = Duration.seconds(5)
  private static let most = 16 << 20

  /// Runs a program that is in PATH or where the system's own ones are, and returns what it has written
  /// on standard output.
  ///
  /// `namespace` is the namespace's file, nil for our own. It is killed if it takes longer than five
  /// seconds or writes more than 16 MiB.
  static func of(_ words: [String], in namespace: String?) throws(Failure) -> [UInt8] {
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
      process = try inNamespace(namespace, { .failed("cannot enter it: \(errorText($0))") }) {
        () throws(Failure) in
        do throws(Failure) {
          return try start(words, writingTo: ends[1])
        } catch .notInstalled {
          return try start(["/usr/sbin/" + words[0]] + words.dropFirst(), writingTo: ends[1])
        }
      }
    } catch .notInstalled {
      throw .notInstalled(words[0])
    }
    let output = read(ends[0])
    if output == nil { kill(process, SIGKILL) }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard let output else {
      throw .failed("\(name) took longer than \(patience.components.seconds) s, or wrote too much")
    }
    guard status == 0 else { throw .failed("\(name) failed; run it to see why") }
    return output
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

  /// Reads to the end; nil if that is too long or takes too long.
  private static func read(_ end: Int32) -> [UInt8]? {
    let deadline = ContinuousClock.now + patience
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while output.count <= most {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { return nil }
      var request = [pollfd(fd: end, events: Int16(POLLIN), revents: 0)]
      let time = left.components
      let nanoseconds = time.seconds * 1_000_000_000 + time.attoseconds / 1_000_000_000
      guard unsafe clinux_poll(&request, 1, nanoseconds) > 0 else { continue }
      let count = unsafe Glibc.read(end, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count == 0 ? output : nil }
      output += buffer[..<count]
    }
    return nil
  }
}
