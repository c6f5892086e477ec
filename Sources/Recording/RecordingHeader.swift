internal import Bytes
internal import Glibc

/// What the first bytes of a file say before SQLite sees it.
///
/// Source: <https://www.sqlite.org/fileformat.html>, section 1.3.
struct RecordingHeader {
  /// Whether it was written with a write-ahead log, and not ended.
  let wantsLog: Bool
  /// Whether that log is there and holds something.
  let hasLog: Bool
  /// Whether the file is shorter than it says.
  let isCut: Bool

  /// Reads them, and refuses what is no recording, or one of a newer format.
  init(path: String) throws(RecordingError) {
    let (bytes, size) = try Self.read(path)
    var reader = ByteReader(bytes.span.raw)
    guard reader.accept("SQLite format 3\0") else {
      let why = bytes.isEmpty ? "it is empty" : "it is not an SQLite file"
      throw RecordingError("\(path) is not a dropwatch recording: \(why)")
    }
    let application: Int32
    let version: Int32
    let said: UInt64
    do throws(ByteReaderError) {
      var page = UInt64(try reader.read(UInt16.self, .big))
      // 65,536 does not fit.
      if page == 1 { page = 65536 }
      wantsLog = try reader.read(UInt8.self) == 2
      try reader.seek(to: 28)
      said = UInt64(try reader.read(UInt32.self, .big)) * page
      try reader.seek(to: 60)
      version = try reader.read(Int32.self, .big)
      try reader.seek(to: 68)
      application = try reader.read(Int32.self, .big)
    } catch {
      throw RecordingError("\(path) is not a dropwatch recording: its first page is cut off")
    }
    guard application == RecordingFormat.applicationID else {
      throw RecordingError(
        "\(path) is not a dropwatch recording: it is another program's SQLite file")
    }
    guard version == RecordingFormat.version else {
      throw RecordingError(
        "\(path) has the format \(version), and this dropwatch reads \(RecordingFormat.version). "
          + "Use the version that made it, or a newer one")
    }
    var status = stat()
    hasLog = unsafe stat(path + "-wal", &status) == 0 && status.st_size > 0
    // A log may hold the end of a file that has not grown yet, as on a full disk.
    isCut = size < said && !hasLog
  }

  private static func read(
    _ path: String
  ) throws(RecordingError) -> (bytes: [UInt8], size: UInt64) {
    // A pipe must not be waited for.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw RecordingError("\(FileError(.open, path: path, code: errno))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw RecordingError("\(path) is not a dropwatch recording: it is not a file")
    }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
    return (Array(bytes.prefix(max(count, 0))), UInt64(status.st_size))
  }
}
