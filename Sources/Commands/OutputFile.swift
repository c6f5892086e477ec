internal import Bytes
internal import Glibc

/// Where the result of a command goes.
enum OutputFile {
  /// Why a file could not be made.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Opens a file for writing, in place of what it held; nil and "-" are standard output.
  ///
  /// What is in packets is not for everybody to read.
  static func open(_ path: String?) throws(Failure) -> Int32 {
    guard let path, path != "-" else { return STDOUT_FILENO }
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Failure(description: "cannot write \(path): \(errorText(errno))")
    }
    return descriptor
  }
}
