import Glibc

/// Why text could not be written.
package enum WriteError: Error, Equatable, Sendable {
  /// Nobody reads any more (EPIPE), as after `| head`: a reason to end quietly.
  case brokenPipe
  /// Any other errno(3) of write(2).
  case failed(code: Int32)
  /// A file that is more than a stream of bytes; one sentence that says what failed on which file.
  case refused(String)
}

extension WriteError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .brokenPipe: "cannot write output: nobody reads it any more"
    case .failed(let code): "cannot write output: \(errorText(code))"
    case .refused(let sentence): sentence
    }
  }
}

extension TextBuffer {
  /// Writes everything to a descriptor and empties the buffer, keeping its capacity.
  ///
  /// Partial writes are continued, EINTR is repeated, and a descriptor that is non-blocking is
  /// waited for. On error what has been written is gone from the buffer and the rest remains.
  /// EPIPE is only ever seen if the program ignores SIGPIPE. See write(2).
  package mutating func write(to descriptor: Int32) throws(WriteError) {
    var written = 0
    while written < count {
      // Safe: the range lies within what the buffer holds.
      let result = unsafe Glibc.write(descriptor, memory + written, count - written)
      if result >= 0 {
        written += result
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitUntilWritable(descriptor)
      case EPIPE:
        removeFirst(written)
        throw .brokenPipe
      case let code:
        removeFirst(written)
        throw .failed(code: code)
      }
    }
    removeAll()
  }

  /// Whatever poll(2) finds, the next write tells.
  private func waitUntilWritable(_ descriptor: Int32) {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&request, 1, -1)
  }
}
