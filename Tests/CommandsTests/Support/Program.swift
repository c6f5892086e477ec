import Glibc

/// The built program, run as a user runs it: with pipes, or on a terminal of its own.
///
/// Whatever a test forgets ends with it: the program is killed when this goes.
@safe final class Program {
  /// What its standard streams are.
  enum Streams { case pipes, terminal }

  /// Why a program could not be run, or did not do what was waited for.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let process: pid_t
  /// What it has written: on a terminal everything, else standard output.
  private(set) var output = ""
  /// What it has written to standard error; empty on a terminal.
  private(set) var errors = ""

  private var writing: Int32
  private let reading: Int32
  private let complaining: Int32
  private var position = 0
  private var status: Int32?

  /// The program beside the test bundle.
  static let path = path(of: "dropwatch")

  /// A program of ours: in the folder that DROPWATCH_PROGRAMS names, else beside the test bundle; or
  /// any other by its path.
  static func path(of name: String) -> String {
    if name.hasPrefix("/") { return name }
    if let folder = unsafe getenv("DROPWATCH_PROGRAMS") {
      return unsafe String(cString: folder) + "/" + name
    }
    let bundle = CommandLine.arguments[0]
    return String(bundle[..<(bundle.lastIndex(of: "/") ?? bundle.startIndex)]) + "/" + name
  }

  /// Starts `wrapper` and the program with `arguments`; the wrapper is a command like setpriv(1).
  init(
    _ arguments: [String], of name: String = "dropwatch", on streams: Streams = .pipes,
    wrapper: [String] = []
  ) throws {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    // A test runner may have signals blocked; a user's shell has not.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    // A program that has ended must not end the test that types into it; its own signals are a
    // user's.
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    var flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
    var childEnds: [Int32] = []
    switch streams {
    case .terminal:
      // posix_openpt(3) and its kin need _XOPEN_SOURCE; these are what they do, see pts(4).
      let terminal = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
      var number: Int32 = 0
      var lock: Int32 = 0
      guard terminal >= 0, unsafe ioctl(terminal, 0x4004_5431, &lock) == 0,  // TIOCSPTLCK
        unsafe ioctl(terminal, 0x8004_5430, &number) == 0  // TIOCGPTN
      else { throw Failure(description: "there is no pseudo-terminal to be had") }
      let name = "/dev/pts/\(number)"
      // A new session takes the first terminal that it opens for its own.
      flags |= 0x80  // POSIX_SPAWN_SETSID, which needs _GNU_SOURCE
      unsafe posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
      unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
      unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
      (writing, reading, complaining) = (terminal, terminal, -1)
    case .pipes:
      var ends: [[Int32]] = []
      for stream in 0..<Int32(3) {
        var pair: [Int32] = [0, 0]
        guard unsafe pipe(&pair) == 0 else {
          throw Failure(description: "there is no pipe to be had")
        }
        // Ends that another test's program inherited would keep the pipe open.
        for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let childEnd = stream == 0 ? pair[0] : pair[1]
        unsafe posix_spawn_file_actions_adddup2(&actions, childEnd, stream)
        childEnds.append(childEnd)
        ends.append(pair)
      }
      (writing, reading, complaining) = (ends[0][1], ends[1][0], ends[2][0])
    }
    unsafe posix_spawnattr_setflags(&attributes, flags)

    let words = wrapper + [Self.path(of: name)] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    let variables = ["TERM=xterm", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TZ=UTC"]
    var environment: [UnsafeMutablePointer<CChar>?] = unsafe variables.map { unsafe strdup($0) }
    unsafe environment.append(nil)
    defer { unsafe environment.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(
      &process, words[0], &actions, &attributes, pointers, environment)
    for end in childEnds { close(end) }
    self.process = process
    guard code == 0 else { throw Failure(description: "cannot start \(words[0]): \(code)") }
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      _ = waitpid(process, nil, 0)
    }
    closeInput()
    if reading != writing { close(reading) }
    if complaining >= 0 { close(complaining) }
  }

  /// Writes to its standard input.
  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe write(writing, bytes, bytes.count)
  }

  /// Ends its standard input; on a terminal hangs up.
  func closeInput() {
    if writing >= 0 { close(writing) }
    writing = -1
  }

  func signal(_ number: Int32) { kill(process, number) }

  /// Reads until `text` has come since the last time; returns all that came up to its end.
  @discardableResult
  func wait(for text: String, milliseconds: Int = 10_000) throws -> String {
    let deadline = now() + milliseconds
    while true {
      let fresh = output.dropFirst(position)
      if let range = fresh.firstRange(of: text) {
        position = output.distance(from: output.startIndex, to: range.upperBound)
        return String(fresh[..<range.upperBound])
      }
      guard now() < deadline, read(until: deadline) else {
        throw Failure(
          description: "waited for \"\(text)\" in vain; it wrote:\n\(output)\n\(errors)")
      }
    }
  }

  /// Reads until `text` has come on standard error.
  func waitForErrors(_ text: String, milliseconds: Int = 10_000) throws {
    let deadline = now() + milliseconds
    while !errors.contains(text) {
      guard now() < deadline, read(until: deadline) else {
        throw Failure(description: "waited for \"\(text)\" in vain; it wrote:\n\(errors)")
      }
    }
  }

  /// Reads whatever comes, until nothing has come for so long.
  func drain(milliseconds: Int) {
    let limit = now() + 60_000
    var quiet = now() + milliseconds
    while now() < min(quiet, limit) {
      let before = output.utf8.count
      guard read(until: quiet) else { return }
      if output.utf8.count > before { quiet = now() + milliseconds }
    }
  }

  /// Reads until it has ended; the exit status, or 128 and the signal.
  func exitStatus(milliseconds: Int = 10_000) throws -> Int32 {
    let deadline = now() + milliseconds
    while now() < deadline, read(until: deadline) {}
    while isRunning {
      guard now() < deadline else {
        throw Failure(description: "it does not end; it wrote:\n\(output)\n\(errors)")
      }
      usleep(2000)
    }
    return status ?? 0
  }

  /// Whether it has not ended yet; takes its status if it has.
  var isRunning: Bool {
    guard status == nil else { return false }
    var code: Int32 = 0
    guard unsafe waitpid(process, &code, WNOHANG) != 0 else { return true }
    status = code & 0x7f == 0 ? code >> 8 & 0xff : 128 + code & 0x7f
    return false
  }

  /// The terminal's mode as its owner left it: whether it echoes, and edits lines itself.
  func terminalMode() -> (echoes: Bool, isCanonical: Bool) {
    var mode = termios()
    unsafe tcgetattr(reading, &mode)
    return (mode.c_lflag & tcflag_t(ECHO) != 0, mode.c_lflag & tcflag_t(ICANON) != 0)
  }

  /// Bytes that it has read in its life: /proc/PID/io.
  func bytesRead() throws -> Int {
    let file = unsafe open("/proc/\(process)/io", O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe Glibc.read(file, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    let first = text.split(separator: "\n").first?.split(separator: " ").last
    guard let value = first.flatMap({ Int($0) }) else {
      throw Failure(description: "cannot read /proc/\(process)/io")
    }
    return value
  }

  /// Reads what there is; false when it has ended and all is read.
  private func read(until deadline: Int) -> Bool {
    var requests = [
      pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
      pollfd(fd: complaining, events: Int16(POLLIN), revents: 0),
    ]
    guard unsafe poll(&requests, 2, Int32(max(deadline - now(), 0))) > 0 else { return true }
    var isOpen = false
    var bytes = [UInt8](repeating: 0, count: 65536)
    for (index, request) in requests.enumerated() where request.revents != 0 {
      let count = unsafe Glibc.read(request.fd, &bytes, bytes.count)
      guard count > 0 else { continue }
      isOpen = true
      let text = String(decoding: bytes[..<count], as: UTF8.self)
      if index == 0 { output += text } else { errors += text }
    }
    return isOpen
  }

  /// Milliseconds of the monotonic clock.
  private func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
