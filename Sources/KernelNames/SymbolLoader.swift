internal import Glibc
internal import Synchronization

/// Reads kallsyms on a thread of its own, so that nobody waits for it before it is needed.
final class SymbolLoader: Sendable {
  /// nil while it is reading.
  private let result = Mutex<Result<SymbolTable, SymbolTableError>?>(nil)
  /// nil once somebody has waited for it.
  private let thread: Mutex<pthread_t?>

  /// Starts reading.
  init() {
    thread = Mutex(nil)
    var started = pthread_t()
    let context = unsafe Unmanaged.passRetained(self).toOpaque()
    let code = unsafe pthread_create(
      &started, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<SymbolLoader>.fromOpaque(context).takeRetainedValue().read()
        return nil
      }, context)
    if code == 0 {
      thread.withLock { $0 = started }
    } else {
      // No thread to be had: read it here and now.
      unsafe Unmanaged<SymbolLoader>.fromOpaque(context).takeRetainedValue().read()
    }
  }

  /// The symbols; waits until they are read.
  func wait() -> Result<SymbolTable, SymbolTableError> {
    if let started = thread.withLock({ $0.take() }) { _ = pthread_join(started, nil) }
    return result.withLock { $0 } ?? .failure(.empty)
  }

  private func read() {
    let loaded = Result { () throws(SymbolTableError) in try SymbolTable.load() }
    result.withLock { $0 = loaded }
  }
}
