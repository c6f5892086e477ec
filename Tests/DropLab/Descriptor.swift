import CDropLab
import Glibc

/// An open file descriptor, closed when its last reference goes.
///
/// A class and not a `~Copyable` value, because a lab keeps many of them in one array until its end.
/// Not thread-safe: only `close()` writes, and it belongs to the thread that owns the lab.
package final class Descriptor {
  /// The number, or -1 once closed.
  package private(set) var number: CInt

  /// Takes ownership of a number that a system call returned; throws its `errno` if negative.
  package init(_ number: CInt, _ operation: @autoclosure () -> String) throws(LabError) {
    self.number = try checked(number, operation())
  }

  deinit { close() }

  /// Closes it early; closing twice does nothing.
  package func close() {
    guard number >= 0 else { return }
    _ = Glibc.close(number)
    number = -1
  }

  /// Writes all bytes in one `write(2)`, as a TAP frame or a sysctl value must be.
  package func write(_ bytes: [UInt8]) throws(LabError) {
    let written = unsafe Glibc.write(number, bytes, bytes.count)
    guard written == bytes.count else { throw LabError(errnoOf: "write \(bytes.count) bytes") }
  }

  /// Reads what one `read(2)` gives, nil when nothing is there (`EAGAIN`).
  package func read(atMost count: Int = 65_536) throws(LabError) -> [UInt8]? {
    var failure = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      let length = unsafe Glibc.read(number, buffer.baseAddress, count)
      failure = length < 0
      used = max(0, length)
    }
    guard failure else { return bytes }
    guard dwlab_errno() == EAGAIN else { throw LabError(errnoOf: "read") }
    return nil
  }

  /// Reads until the end of the file, at most `limit` bytes.
  package func readToEnd(limit: Int = 256 << 20) throws(LabError) -> [UInt8] {
    var all: [UInt8] = []
    while all.count < limit, let part = try read(), !part.isEmpty { all += part }
    return all
  }
}
