internal import CLibBPF
internal import Glibc

/// The reading end of a BPF ring buffer.
///
/// Records arrive on the thread that calls `consume`, in the order in which they were submitted.
@safe package struct RingBuffer: ~Copyable {
  private let ring: OpaquePointer
  private let receiver: Receiver

  /// What the C callback hands each record to; it lives as long as the ring.
  @safe private final class Receiver {
    @unsafe var body: ((UnsafeRawBufferPointer) -> Void)?
  }

  /// Opens a ring buffer map for reading.
  package init(map: BPFMap) throws(BPFError) {
    let receiver = Receiver()
    let opened = unsafe ring_buffer__new(
      map.fileDescriptor,
      { context, data, size in
        guard let context = unsafe context else { return 0 }
        let receiver = unsafe Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
        unsafe receiver.body?(UnsafeRawBufferPointer(start: data, count: size))
        return 0
      }, Unmanaged.passUnretained(receiver).toOpaque(), nil)
    guard let opened = unsafe opened else {
      throw BPFError("open the ring buffer", code: errno)
    }
    unsafe ring = opened
    self.receiver = receiver
  }

  deinit { unsafe ring_buffer__free(ring) }

  /// Becomes readable when the program wakes its reader; for poll(2) or epoll(7).
  package var descriptor: Int32 { unsafe ring_buffer__epoll_fd(ring) }

  /// Calls `body` with every record that is there now; the bytes are valid only during the call.
  ///
  /// It takes what lies below the wake-up threshold as well, so call it on time-outs, and once
  /// after detaching.
  package func consume(_ body: (UnsafeRawBufferPointer) -> Void) throws(BPFError) {
    let code = unsafe withoutActuallyEscaping(body) { body in
      unsafe receiver.body = body
      defer { unsafe receiver.body = nil }
      return unsafe ring_buffer__consume(ring)
    }
    if code < 0 { throw BPFError("read the ring buffer", code: -code) }
  }
}
