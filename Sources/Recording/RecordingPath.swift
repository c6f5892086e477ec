internal import Bytes
internal import GRDB
internal import Glibc

/// Where a recording goes: one file, or that and older ones beside it.
///
/// The file being written always has the plain name. One that has become too large is ended, and
/// renamed FILE.1, what was FILE.1 becomes FILE.2, and so on.
package struct RecordingPath: Equatable, Sendable {
  /// What SQLite keeps beside a file while it is open.
  private static let companions = ["-wal", "-shm", "-journal"]

  package let path: String
  /// How many files there may be, the one being written included; nil if none is ever removed.
  package let count: Int?

  package init(_ path: String, count: Int? = nil) {
    self.path = path
    self.count = count
  }

  /// Refuses what must not be written over, before anything is recorded.
  package func check(overwrites: Bool) throws(RecordingError) {
    if path == "-" || path.isEmpty {
      throw RecordingError(
        "a recording is a database and cannot be a stream. Give the name of a file, "
          + "and `dropwatch convert` makes a stream of it")
    }
    if Self.exists(path, mode: S_IFDIR) {
      throw RecordingError("\(path) is a directory. Give the name of a file in it")
    }
    let present = files.filter { Self.exists($0) }
    guard let first = present.first else { return }
    guard overwrites else {
      throw RecordingError(
        "\(first) exists already. Give another name, or --overwrite to replace it")
    }
    for file in present where !Self.isRecording(file) {
      throw RecordingError("\(file) is not a recording of dropwatch, and is not overwritten")
    }
  }

  /// Makes the empty file, readable only by its owner: packets are nobody else's business.
  func create(overwrites: Bool) throws(RecordingError) {
    if overwrites { for file in files { Self.remove(file) } }
    let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let code = errno
      throw RecordingError(
        "cannot create \(path): \(errorText(code))"
          + (code == EACCES || code == EPERM ? ". Choose a directory that you may write" : ""))
    }
    close(descriptor)
  }

  /// Makes room for the next file: what is at the plain name gets the number 1.
  func rotate() throws(RecordingError) {
    // The highest number there is, 0 for the plain name.
    var last = files.count - 1
    if let count, last >= count - 1 {
      for number in count - 1...last { Self.remove(numbered(number)) }
      last = count - 2
    }
    guard last >= 0 else { return }
    for number in (0...last).reversed() {
      guard unsafe rename(numbered(number), numbered(number + 1)) == 0 else {
        throw RecordingError(
          "cannot rename \(numbered(number)) to \(numbered(number + 1)): \(errorText(errno))")
      }
    }
  }

  /// The files there are, newest first, as far as their numbers follow each other.
  var files: [String] {
    var files = [path]
    while Self.exists(numbered(files.count)) { files.append(numbered(files.count)) }
    return files
  }

  private func numbered(_ number: Int) -> String { number == 0 ? path : "\(path).\(number)" }

  private static func remove(_ path: String) {
    for name in [path] + companions.map({ path + $0 }) { unsafe _ = unlink(name) }
  }

  private static func exists(_ path: String, mode: mode_t? = nil) -> Bool {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return false }
    return mode.map { status.st_mode & S_IFMT == $0 } ?? true
  }

  /// Whether a file says that it is a recording, or is empty: SQLite's format, section 1.3.
  private static func isRecording(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var header = [UInt8](repeating: 0, count: 72)
    let count = unsafe read(descriptor, &header, header.count)
    var reader = ByteReader(header.span.raw)
    guard count == header.count, (try? reader.skip(68)) != nil else { return count == 0 }
    return (try? reader.read(Int32.self, .big)) == RecordingFormat.applicationID
  }
}
