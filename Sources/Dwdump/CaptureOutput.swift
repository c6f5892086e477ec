internal import Bytes
internal import CLinux
internal import Glibc

/// Why a capture cannot be written any further.
enum CaptureFailure: Error, Equatable {
  /// Nobody reads any more: a reason to end quietly.
  case readerGone
  /// A signal asks for the end, and the reader takes nothing.
  case readerStalled
  /// Any other errno(3) of write(2).
  case failed(code: Int32)
}

/// Where a capture is written: a file, or a pipe whose reader may be slow.
struct CaptureOutput: ~Copyable {
  let descriptor: Int32
  /// Its name, as the user knows it.
  let name: String
  /// Whether it can be cut, and never has to be waited for.
  let isFile: Bool

  /// Whether the file was not there before.
  private let isNew: Bool

  /// Opens the file, or takes standard output for nil and for `-`; what is in the file stays there
  /// until ``begin()``.
  ///
  /// A named pipe is waited for until somebody reads it: signals must still do what they always do.
  init(path: String?) throws(FileError) {
    if let path, path != "-" {
      name = path
      let flags = O_WRONLY | O_CREAT | O_CLOEXEC
      let new = unsafe open(path, flags | O_EXCL, 0o666)
      isNew = new >= 0
      descriptor = isNew ? new : unsafe open(path, flags, 0o666)
      guard descriptor >= 0 else { throw FileError(.open, path: path, code: errno) }
    } else {
      name = "standard output"
      descriptor = STDOUT_FILENO
      isNew = false
    }
    var status = stat()
    isFile = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  deinit { if descriptor != STDOUT_FILENO { close(descriptor) } }

  /// Empties a file that was there.
  func begin() {
    if isFile, descriptor != STDOUT_FILENO { ftruncate(descriptor, 0) }
  }

  /// Removes a file that was not there: nothing will be written.
  func discard() {
    if isNew { unsafe _ = unlink(name) }
  }

  /// Writes all of it, unless it fails; returns how far it came.
  ///
  /// While a reader has to be waited for, a signal (readable at `signals`) gives it one more second.
  func write(_ bytes: [UInt8], signals: Int32) -> (count: Int, failure: CaptureFailure?) {
    var written = 0
    while written < bytes.count {
      var size = bytes.count - written
      if !isFile {
        guard waitForReader(signals: signals) else { return (written, .readerStalled) }
        // As much as a pipe that poll(2) calls writable takes without blocking: pipe(7), PIPE_BUF.
        size = min(size, 4096)
      }
      let result = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, size)
      }
      if result >= 0 {
        written += result
        continue
      }
      switch errno {
      case EINTR, EAGAIN: continue
      case EPIPE: return (written, .readerGone)
      case let code: return (written, .failed(code: code))
      }
    }
    return (written, nil)
  }

  /// Takes the last `count` bytes back, so that the file ends with a whole record.
  func cut(_ count: Int) {
    var status = stat()
    guard isFile, count > 0, unsafe fstat(descriptor, &status) == 0 else { return }
    ftruncate(descriptor, max(0, status.st_size - count))
  }

  /// Whatever poll(2) finds but a stalled reader, the next write tells.
  private func waitForReader(signals: Int32) -> Bool {
    var requests = [
      pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
    ]
    _ = unsafe clinux_poll(&requests, 2, -1)
    if requests[0].revents != 0 { return true }
    guard requests[1].revents != 0 else { return true }
    return unsafe clinux_poll(&requests, 1, 1_000_000_000) != 0
  }
}
