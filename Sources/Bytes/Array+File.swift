import Glibc

extension [UInt8] {
  /// Reads a whole file with read(2), which is also right for procfs and sysfs, where the size is
  /// unknown or a lie.
  ///
  /// `sizeHint` saves growing: give what the file is expected to hold. An interrupted read is
  /// repeated.
  package init(contentsOfFile path: String, sizeHint: Int = 0) throws(FileError) {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.open, path: path, code: errno) }
    defer { _ = close(descriptor) }

    var status = stat()
    let size = unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    let minimumChunk = 64 << 10
    self = []
    // One more than the size, so that the read which finds the end needs no growing.
    reserveCapacity(Swift.max(size + 1, sizeHint, minimumChunk))

    while true {
      let chunk = Swift.max(capacity - count, minimumChunk)
      var result = 0
      append(addingCapacity: chunk) { (output: inout OutputSpan<UInt8>) in
        // Safe: read(2) writes at most the free capacity and says how many bytes it wrote.
        unsafe output.withUnsafeMutableBufferPointer { buffer, initialized in
          result = unsafe read(
            descriptor, buffer.baseAddress.map { unsafe $0 + initialized },
            buffer.count - initialized)
          initialized += Swift.max(result, 0)
        }
      }
      if result == 0 { return }
      guard result > 0 || errno == EINTR else {
        throw FileError(.read, path: path, code: errno)
      }
    }
  }
}
