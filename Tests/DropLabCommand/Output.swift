import Glibc

/// Writes a line to standard output at once, so that a reader of a pipe is never kept waiting.
func emit(_ line: String) {
  let bytes = [UInt8]((line + "\n").utf8)
  unsafe _ = write(STDOUT_FILENO, bytes, bytes.count)
}

/// Writes to standard error, where everything goes that is not a result.
func printError(_ text: String) {
  let bytes = [UInt8](text.utf8)
  unsafe _ = write(STDERR_FILENO, bytes, bytes.count)
}
