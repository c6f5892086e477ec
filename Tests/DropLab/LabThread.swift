import CDropLab
import Synchronization

/// A thread with a body that may throw, joined by its owner.
///
/// A thread of its own and not a task, because namespaces belong to threads and bodies may block.
package final class LabThread: Sendable {
  private let handle: Mutex<UInt64?>
  private let work: Work

  /// What the new thread runs, and the error that it ended with.
  private final class Work: Sendable {
    let body: @Sendable () throws -> Void
    let failure = Mutex<(any Error)?>(nil)

    init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }

    func run() {
      do { try body() } catch { failure.withLock { $0 = error } }
    }
  }

  /// Starts the thread at once.
  package init(_ body: @escaping @Sendable () throws -> Void) throws(LabError) {
    work = Work(body)
    var handle: UInt64 = 0
    let context = unsafe Unmanaged.passRetained(work)
    let started = unsafe dwlab_thread_start(
      &handle,
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
      }, context.toOpaque())
    if started < 0 { unsafe context.release() }
    self.handle = Mutex(handle)
    try checked(started, "start a thread")
  }

  deinit { try? join() }

  /// Waits for the end and throws what the body threw; joining twice returns at once.
  package func join() throws {
    let running = handle.withLock { handle in
      defer { handle = nil }
      return handle
    }
    guard let running else { return }
    try checked(dwlab_thread_join(running), "join a thread")
    if let failure = work.failure.withLock({ $0 }) { throw failure }
  }
}
