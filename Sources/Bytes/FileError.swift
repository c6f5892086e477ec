import Glibc

/// Why a file could not be read: what was tried, on which path, and the kernel's answer.
package struct FileError: Error, Equatable, Sendable {
  /// The system call that failed.
  package enum Operation: String, Sendable {
    /// See open(2).
    case open
    /// See read(2).
    case read
  }

  /// What was tried.
  package let operation: Operation
  /// On which file.
  package let path: String
  /// The system call's errno(3).
  package let code: Int32

  /// An error of `operation` on `path` with an errno(3).
  package init(_ operation: Operation, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// Whether the file is simply not there.
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
}

extension FileError: CustomStringConvertible {
  package var description: String {
    let remedy =
      switch code {
      case EACCES, EPERM: ". Run as root"
      default: ""
      }
    return "cannot \(operation.rawValue) \(path): \(errorText(code))\(remedy)"
  }
}

/// The kernel's own words for an errno(3), in lower case to fit into a sentence.
package func errorText(_ code: Int32) -> String {
  // Safe: strerror always returns a terminated string, copied here before another call can run
  // on this thread, to which glibc's buffer belongs.
  let text = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  return text.prefix(1).lowercased() + text.dropFirst()
}
