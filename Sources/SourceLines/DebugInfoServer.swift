internal import Bytes
internal import CLinux
internal import Glibc

/// The debuginfod servers that DEBUGINFOD_URLS names, asked by the program `debuginfod-find`.
///
/// See debuginfod-find(1). What was fetched once is in its cache, below ~/.cache/debuginfod_client.
package struct DebugInfoServer: Sendable {
  /// As in the environment.
  package let urls: String

  /// Those of this environment; nil if it names none.
  package static var ofEnvironment: DebugInfoServer? {
    guard let value = unsafe getenv("DEBUGINFOD_URLS") else { return nil }
    let urls = unsafe String(cString: value)
    return urls.isEmpty ? nil : DebugInfoServer(urls: urls)
  }

  /// Whether the program that asks is in PATH.
  package var canBeAsked: Bool {
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
    return path.split(separator: ":").contains { folder in
      unsafe access("\(folder)/debuginfod-find", X_OK) == 0
    }
  }

  /// Fetches a build's debug information, and returns its file or why there is none, as a sentence.
  ///
  /// Waits for at most `patience`; calls `slow` once, after two seconds.
  func file(
    of build: BuildID, patience: Duration, slow: () -> Void
  ) -> Result<String, DebugInfoFailure> {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else {
      return .failure(DebugInfoFailure("there is no pipe for debuginfod-find"))
    }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let started = start(["debuginfod-find", "debuginfo", "\(build)"], writingTo: ends[1])
    close(ends[1])
    guard let process = started else {
      return .failure(
        DebugInfoFailure(
          "DEBUGINFOD_URLS is set, but there is no debuginfod-find (package debuginfod)"))
    }
    let (text, isLate) = read(ends[0], patience: patience, slow: slow)
    if isLate { kill(process, SIGKILL) }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    if isLate {
      return .failure(
        DebugInfoFailure("\(urls) did not answer within \(patience.components.seconds) s"))
    }
    guard status == 0, text.hasPrefix("/"), let path = text.split(separator: "\n").first else {
      return .failure(DebugInfoFailure("\(urls) does not have the build \(build)"))
    }
    return .success(String(path))
  }

  private func start(_ words: [String], writingTo end: Int32) -> pid_t? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, end, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    // Safe: strdup(3) copies the words, which stay until they are freed below.
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, words[0], &actions, nil, arguments, environ)
    return code == 0 ? process : nil
  }

  /// Reads until the program has ended, or until it is too late.
  private func read(
    _ end: Int32, patience: Duration, slow: () -> Void
  ) -> (text: String, isLate: Bool) {
    let start = ContinuousClock.now
    var isSlow = false
    var text: [UInt8] = []
    while text.count < 4096 {
      let waited = start.duration(to: .now)
      if waited >= patience { return ("", true) }
      if waited >= .seconds(2), !isSlow {
        isSlow = true
        slow()
      }
      var request = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&request, 1, 250) > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 512)
      let count = unsafe Glibc.read(end, &buffer, buffer.count)
      guard count > 0 else { break }
      text += buffer[..<count]
    }
    return (String(decoding: text, as: UTF8.self), false)
  }
}

/// Why a server gave nothing.
struct DebugInfoFailure: Error, CustomStringConvertible {
  let description: String
  /// What to do about it, a sentence without its end.
  let remedy: String

  init(_ description: String, remedy: String = "") {
    self.description = description
    self.remedy = remedy
  }
}
