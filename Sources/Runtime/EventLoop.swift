internal import CLinux
package import DropModel
internal import Glibc

/// Waits for whatever comes first: time, packets, a signal, or nobody reading any more.
///
/// Signals are blocked for the whole process and taken from a descriptor (signalfd(2)), so nothing
/// is ever interrupted half-way; threads started later inherit that.
package struct EventLoop: ~Copyable {
  package enum Event: Equatable {
    /// The deadline has come.
    case deadline
    /// The source has packets.
    case packets
    /// Somebody wants the run to end.
    case signal(Int32)
    /// Input has something to read, or has ended.
    case input
    /// Nobody reads the output any more.
    case outputClosed
  }

  private let signals: Int32
  private let previous: sigset_t

  /// Takes SIGINT, SIGTERM, SIGHUP and `others` over; SIGPIPE is ignored, so that writing tells.
  package init(taking others: [Int32] = []) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in [SIGINT, SIGTERM, SIGHUP] + others { unsafe sigaddset(&set, signal) }
    var before = sigset_t()
    unsafe pthread_sigmask(SIG_BLOCK, &set, &before)
    signal(SIGPIPE, SIG_IGN)
    previous = before
    signals = unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
  }

  deinit {
    // Those that came while the run was ending have what they ask for: left pending, they would
    // kill the process before its last word.
    while takeSignal() != nil {}
    close(signals)
    var set = previous
    unsafe pthread_sigmask(SIG_SETMASK, &set, nil)
  }

  /// Becomes readable when a signal waits, for code that waits by itself.
  package var signalDescriptor: Int32 { signals }

  /// Stops this process, as a SIGTSTP that was taken asks for; returns when it is continued.
  package func stopProcess() {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGTSTP)
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(SIGTSTP)
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits until `deadline` at the latest, nil for as long as it takes.
  ///
  /// Signals come first, then the deadline and input, so that a flood of packets holds up none.
  package func wait(
    until deadline: MonotonicTime?, packets: Int32? = nil, input: Int32? = nil,
    output: Int32? = nil
  ) -> Event {
    while true {
      // A negative descriptor is skipped by poll(2). POLLERR alone is what a pipe's writing end
      // gets when its reader has gone; it need not be asked for.
      var requests = [
        pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
        pollfd(fd: packets ?? -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: input ?? -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: output ?? -1, events: 0, revents: 0),
      ]
      let now = MonotonicTime.now
      var timeout: Int64 = -1
      if let deadline {
        timeout = deadline > now ? Int64(deadline.nanoseconds - now.nanoseconds) : 0
      }
      let count = unsafe clinux_poll(&requests, UInt(requests.count), timeout)
      if count > 0, requests[0].revents != 0, let signal = takeSignal() { return .signal(signal) }
      if let deadline, MonotonicTime.now >= deadline { return .deadline }
      guard count > 0 else { continue }
      if requests[3].revents & Int16(POLLERR) != 0 { return .outputClosed }
      if requests[2].revents != 0 { return .input }
      if requests[1].revents != 0 { return .packets }
    }
  }

  /// Takes a signal that waits already; nil if none does.
  package func takeSignal() -> Int32? {
    var information = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    guard unsafe read(signals, &information, size) == size else { return nil }
    return Int32(information.ssi_signo)
  }
}
