import Glibc

/// Bytes of text put together without allocation: the way each output line is made.
///
/// Grows when it must, keeps its capacity when emptied, and so stops allocating after the first
/// few lines. Owned by one place at a time (`~Copyable`); nothing in it is thread-safe. A line of a
/// dozen parts costs 70 to 90 ns.
///
/// The memory below is touched only in this file; every other way of appending goes through
/// ``reserve(_:)``, ``append(_:)`` or ``appendInPlace(atMost:_:)``. What is `@inlinable` is
/// `public`, for the reason given at ``ByteReader``.
@safe
public struct TextBuffer: ~Copyable {
  /// Allocated here and freed here; ``capacity`` bytes, all of them initialised.
  @usableFromInline
  var memory: UnsafeMutablePointer<UInt8>
  /// The number of bytes there is room for.
  @usableFromInline
  var capacity: Int

  /// ``count``, for this module to change.
  @usableFromInline
  var length = 0

  /// The number of bytes held.
  @inlinable
  public var count: Int { length }

  /// An empty buffer with room for `capacity` bytes.
  package init(capacity: Int = 64 << 10) {
    self.capacity = Swift.max(capacity, 64)
    unsafe memory = .allocate(capacity: self.capacity)
    // Zeroed, so that no span over the spare room ever sees uninitialised memory.
    unsafe memory.initialize(repeating: 0, count: self.capacity)
  }

  deinit {
    unsafe memory.deallocate()
  }

  /// Whether it holds nothing.
  package var isEmpty: Bool { count == 0 }

  /// What it holds, valid until the next change.
  @inlinable
  public var span: Span<UInt8> {
    @_lifetime(borrow self)
    borrowing get {
      // Safe: `count` never exceeds what was allocated, and the span borrows self.
      let span = unsafe Span(_unsafeStart: memory, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// A copy of what it holds, as a string; what is not UTF-8 becomes U+FFFD.
  package var text: String { span.text }

  /// Empties it and keeps the memory.
  @inlinable
  public mutating func removeAll() {
    length = 0
  }

  /// Drops everything after the first `count` bytes: takes back what has just been written.
  @inlinable
  public mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= self.count, "cannot truncate to more than there is")
    length = count
  }

  /// Appends a literal; its length is known when compiled, so it costs a move of that many bytes.
  @inlinable
  @inline(__always)
  public mutating func append(_ literal: StaticString) {
    // Safe: the buffer of a literal is immortal, and `copy` makes room first.
    literal.withUTF8Buffer { unsafe copy($0.baseAddress, $0.count) }
  }

  /// Appends a string's UTF-8.
  @inlinable
  @_disfavoredOverload
  public mutating func append(_ text: String) {
    append(text.utf8Span.span)
  }

  /// Appends one byte.
  @inlinable
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    // Safe: room was made for it.
    unsafe memory[count] = byte
    length &+= 1
  }

  /// Appends bytes as they are.
  @inlinable
  public mutating func append(_ bytes: Span<UInt8>) {
    // Safe: the pointer is good for the span's length and `copy` makes room first.
    unsafe bytes.withUnsafeBufferPointer { unsafe copy($0.baseAddress, $0.count) }
  }

  /// Appends the same byte `repeated` times.
  @inlinable
  public mutating func append(_ byte: UInt8, repeated: Int) {
    guard repeated > 0 else { return }
    reserve(repeated)
    // Safe: room was made for it.
    unsafe (memory + count).update(repeating: byte, count: repeated)
    length &+= repeated
  }

  /// Lets `body` write into the next `room` bytes and appends as many of them as it says.
  @inlinable
  @inline(__always)
  public mutating func appendInPlace(
    atMost room: Int, _ body: (inout MutableSpan<UInt8>) -> Int
  ) {
    reserve(room)
    // Safe: room was made; the span ends with this call, and what it may show is initialised.
    var spare = unsafe MutableSpan(_unsafeStart: memory + count, count: room)
    let written = body(&spare)
    precondition(written >= 0 && written <= room, "more appended than there was room for")
    length &+= written
  }

  /// Moves the bytes from `start` on to the right and fills the gap with `byte`.
  @usableFromInline
  mutating func insert(_ byte: UInt8, repeated: Int, at start: Int) {
    precondition(start >= 0 && start <= count, "cannot insert beyond the end")
    guard repeated > 0 else { return }
    reserve(repeated)
    // Safe: both ranges lie within `count + repeated`, for which room was made.
    unsafe memmove(memory + start + repeated, memory + start, count - start)
    unsafe (memory + start).update(repeating: byte, count: repeated)
    length += repeated
  }

  /// Drops the first `bytes` bytes and moves the rest to the front.
  mutating func removeFirst(_ bytes: Int) {
    precondition(bytes >= 0 && bytes <= count, "cannot remove more than there is")
    // Safe: both ranges lie within `count`.
    unsafe memmove(memory, memory + bytes, count - bytes)
    length -= bytes
  }

  /// Makes room for `room` more bytes.
  @inlinable
  @inline(__always)
  public mutating func reserve(_ room: Int) {
    if _slowPath(room > capacity &- count) { grow(by: room) }
  }

  /// Moves to memory at least twice as large.
  @usableFromInline
  mutating func grow(by room: Int) {
    let enlarged = Swift.max(capacity * 2, count + room)
    let replacement = UnsafeMutablePointer<UInt8>.allocate(capacity: enlarged)
    // Safe: the new memory is longer than the old, which nobody else has a pointer to.
    unsafe replacement.initialize(from: memory, count: capacity)
    unsafe (replacement + capacity).initialize(repeating: 0, count: enlarged - capacity)
    unsafe memory.deallocate()
    unsafe memory = replacement
    capacity = enlarged
  }

  /// Appends `count` bytes from memory that is not this buffer's.
  @inlinable
  @inline(__always)
  mutating func copy(_ source: UnsafePointer<UInt8>?, _ count: Int) {
    guard let source = unsafe source else { return }
    reserve(count)
    // Safe: room was made, and the source cannot overlap memory that only this buffer knows.
    unsafe (memory + length).update(from: source, count: count)
    length &+= count
  }
}
