internal import CLinux
internal import Glibc
internal import Synchronization

/// A value that a thread of its own works out, so that nobody waits for it before it is needed.
final class Background<Value: Sendable>: Sendable {
  /// What is to be done, or what has come of it: what the work held on to is then let go.
  private enum State {
    case pending(@Sendable () -> Value)
    case done(Value)
  }

  private let state: Mutex<State>
  /// nil if there is none, or once somebody has waited for it.
  private let thread = Mutex<pthread_t?>(nil)

  /// Starts working.
  init(_ work: @escaping @Sendable () -> Value) {
    state = Mutex(.pending(work))
    thread.withLock { $0 = startThread { [self] in _ = finish() } }
  }

  /// The value; waits until it is there.
  func wait() -> Value {
    if let started = thread.withLock({ $0.take() }) { _ = pthread_join(started, nil) }
    // Without a thread the work was left to whoever needs it.
    return finish()
  }

  private func finish() -> Value {
    state.withLock { state in
      switch state {
      case .done(let value): return value
      case .pending(let work):
        let value = work()
        state = .done(value)
        // What was read is megabytes of text, most of it not kept: it goes back to the system.
        clinux_trim_memory()
        return value
      }
    }
  }
}

/// Runs `body` on a new thread; nil if there is none to be had.
///
/// See pthread_create(3).
private func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
  final class Context: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let context = unsafe Unmanaged.passRetained(Context(body))
  let code = unsafe pthread_create(
    &thread, nil,
    { context in
      guard let context = unsafe context else { return nil }
      unsafe Unmanaged<Context>.fromOpaque(context).takeRetainedValue().body()
      return nil
    }, context.toOpaque())
  if code == 0 { return thread }
  unsafe context.release()
  return nil
}
