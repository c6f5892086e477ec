internal import CLinux
internal import Glibc

/// A perf event on a tracepoint and one CPU, with the ring that its records arrive in.
///
/// See perf_event_open(2), "MMAP layout". Used by one thread.
@safe final class PerfRing {
  /// For poll(2): readable when a quarter of the ring waits.
  let descriptor: Int32
  private let ring: UnsafeMutableRawPointer
  private let size: UInt64

  /// Opens the event, switched off; `size` is a power of two of pages.
  ///
  /// Throws errno: ENODEV if the CPU is not online, EPERM if so much memory may not be locked.
  init(tracepoint: UInt64, processor: Int32, size: Int) throws(PerfError) {
    descriptor = clinux_perf_open(tracepoint, processor, UInt32(size / 4))
    guard descriptor >= 0 else { throw PerfError(operation: .open, code: errno) }
    guard let ring = unsafe clinux_perf_map(descriptor, UInt(size)) else {
      let code = errno
      close(descriptor)
      throw PerfError(operation: .map, code: code)
    }
    unsafe self.ring = ring
    self.size = UInt64(size)
  }

  deinit {
    unsafe clinux_perf_unmap(ring, UInt(size))
    close(descriptor)
  }

  /// Lets the event pass only what a filter as in tracefs matches: "reason == 2".
  func setFilter(_ filter: String) throws(PerfError) {
    guard unsafe clinux_perf_filter(descriptor, filter) == 0 else {
      throw PerfError(operation: .filter, code: errno)
    }
  }

  /// Switches the event on or off.
  func setEnabled(_ isOn: Bool) throws(PerfError) {
    guard clinux_perf_switch(descriptor, isOn ? 1 : 0) == 0 else {
      throw PerfError(operation: .open, code: errno)
    }
  }

  /// Moves all records that wait to the end of `bytes`, and says whether there were any.
  ///
  /// They are copied at once, so that the kernel has its room back before anybody looks at them.
  func take(into bytes: inout [UInt8]) -> Bool {
    let head = unsafe clinux_perf_head(ring)
    let tail = unsafe clinux_perf_tail(ring)
    guard head > tail else { return false }
    // Safe: the kernel never writes more than `size` bytes beyond the tail, and these were written
    // before the head was.
    let data = unsafe UnsafeRawBufferPointer(start: clinux_perf_data(ring), count: Int(size))
    let start = Int(tail % size)
    let count = Int(min(head - tail, size))
    let first = min(count, Int(size) - start)
    unsafe bytes.append(contentsOf: data[start..<start + first])
    unsafe bytes.append(contentsOf: data[0..<count - first])
    unsafe clinux_perf_release(ring, head)
    return true
  }

  /// How often the tracepoint was hit since the event is on, whether or not the ring had room.
  var hits: UInt64 {
    var count: UInt64 = 0
    return unsafe read(descriptor, &count, 8) == 8 ? count : 0
  }
}

/// A perf system call that failed.
struct PerfError: Error, Equatable {
  enum Operation { case open, map, filter }

  var operation: Operation
  /// The errno.
  var code: Int32
}
