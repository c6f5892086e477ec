internal import CDropLab
internal import DropLab
internal import Glibc

/// A program that runs beside us, with pipes to its input and from its output.
///
/// What it writes to standard error is kept in memory, to be quoted when it fails. It is ended by
/// its number at the latest when the last reference goes.
final class ChildProcess {
  /// Its process number.
  let identifier: pid_t
  /// When it was started.
  let started: ContinuousClock.Instant

  private let name: String
  private let input: Descriptor
  private let output: Descriptor
  private let errors: Descriptor
  private var pending: [UInt8] = []
  private var hasEnded = false

  /// Starts a program found in `PATH`.
  init(_ arguments: [String]) throws {
    name = arguments[0]
    let (inputEnd, inputStart) = try Self.pipe()
    let (outputEnd, outputStart) = try Self.pipe()
    errors = try Descriptor(unsafe dwlab_memfd("dwlab-errors"), "make a memory file")
    input = inputStart
    output = outputEnd

    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    for (target, file) in [inputEnd, outputStart, errors].enumerated() {
      unsafe _ = posix_spawn_file_actions_adddup2(&actions, file.number, CInt(target))
    }
    // Our strings must outlive the call; strdup makes them independent of Swift's storage.
    var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var child: pid_t = 0
    started = .now
    let code = unsafe posix_spawnp(&child, arguments[0], &actions, nil, words, environ)
    guard code == 0 else {
      throw BenchError("cannot start \(name): \(unsafe String(cString: strerror(code)))")
    }
    identifier = child
  }

  deinit { _ = try? end(signal: SIGKILL) }

  /// Writes a line to its standard input.
  func write(line: String) throws { try input.write([UInt8]((line + "\n").utf8)) }

  /// Waits for a line of its output that holds `text`, and says how long after the start it came.
  ///
  /// `meanwhile` is called about every millisecond.
  func waitForLine(
    with text: String, seconds: Int = 20, meanwhile: (() throws -> Void)? = nil
  ) throws -> Duration {
    let deadline = started + .seconds(seconds)
    while true {
      while let line = takeLine() {
        if line.contains(text) { return .now - started }
      }
      guard .now < deadline else { throw failure("does not say «\(text)»") }
      try meanwhile?()
      if dwlab_wait_readable(output.number, meanwhile == nil ? 100 : 1) > 0 {
        guard let bytes = try output.read(), !bytes.isEmpty else {
          throw failure("ended before it said «\(text)»")
        }
        pending += bytes
      }
    }
  }

  /// Waits until something is so, of which `what` says what it is.
  func waitUntil(_ what: String, seconds: Int = 20, isSo: () -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !isSo() {
      guard .now < deadline else { throw failure("is waited for in vain until \(what)") }
      usleep(10_000)
    }
  }

  /// Ends it by closing its input or by a signal, and returns the rest of its output by lines.
  ///
  /// It has ten seconds, then it is killed and that is an error.
  @discardableResult
  func end(signal: CInt? = nil) throws -> [String] {
    guard !hasEnded else { return [] }
    hasEnded = true
    input.close()
    if let signal { kill(identifier, signal) }
    let deadline = ContinuousClock.now + .seconds(10)
    while .now < deadline {
      guard dwlab_wait_readable(output.number, 100) > 0 else { continue }
      guard let bytes = try output.read(), !bytes.isEmpty else { break }
      pending += bytes
    }
    var code: CInt = 0
    guard unsafe dwlab_wait_child(identifier, 5000, &code) == 1 else {
      throw failure("does not end")
    }
    return String(decoding: pending, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// What it has written to standard error so far.
  var words: String {
    lseek(errors.number, 0, SEEK_SET)
    return String(decoding: (try? errors.readToEnd()) ?? [], as: UTF8.self)
  }

  private func takeLine() -> String? {
    guard let end = pending.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { pending.removeFirst(end + 1) }
    return String(decoding: pending[..<end], as: UTF8.self)
  }

  private func failure(_ what: String) -> BenchError { BenchError("\(name) \(what)\n\(words)") }

  private static func pipe() throws -> (end: Descriptor, start: Descriptor) {
    var numbers: [CInt] = [-1, -1]
    guard unsafe Glibc.pipe(&numbers) == 0 else { throw BenchError("cannot make a pipe") }
    for number in numbers { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
    return (try Descriptor(numbers[0], "make a pipe"), try Descriptor(numbers[1], "make a pipe"))
  }
}
