import Glibc

/// The order of an integer's bytes in a message.
public enum ByteOrder: Sendable {
  /// Least significant byte first.
  case little
  /// Most significant byte first, as on the wire.
  case big

  /// The order of this machine, which is the kernel's own.
  package static var host: ByteOrder { 1.littleEndian == 1 ? .little : .big }
}

/// A cursor over bytes that somebody else owns: kernel messages, files, packets.
///
/// Every length is checked here and nowhere else; no read goes past the end, and a failed read
/// leaves the position where it was. Nothing is copied: sub-readers and spans borrow the same
/// bytes. A read costs about a nanosecond.
///
/// What is `@inlinable` is `public`: Swift 6.3 inlines and specialises nothing across modules that
/// is only `package`, which made reading five times slower.
public struct ByteReader: ~Escapable {
  /// All of it, read and unread.
  @usableFromInline
  var bytes: RawSpan

  /// ``position``, for this module to change.
  @usableFromInline
  var offset = 0

  /// The offset of the next byte to be read, from 0 to ``count``.
  @inlinable
  public var position: Int { offset }

  /// Reads `bytes` from their beginning.
  @inlinable
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) {
    self.bytes = bytes
  }

  /// The number of bytes there are in all.
  @inlinable
  public var count: Int { bytes.byteCount }

  /// The number of bytes not read yet.
  @inlinable
  public var remaining: Int { bytes.byteCount &- offset }

  /// Whether every byte has been read.
  @inlinable
  public var isAtEnd: Bool { offset == bytes.byteCount }

  /// Reads an integer, which need not be aligned.
  @inlinable
  @inline(__always)
  public mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self, _ order: ByteOrder = .little
  ) throws(ByteReaderError) -> Value {
    let start = try take(MemoryLayout<Value>.size)
    // Safe: `take` has just proved that these bytes are there.
    let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: Value.self)
    return order == .little ? Value(littleEndian: value) : Value(bigEndian: value)
  }

  /// Reads an integer of the type that is wanted.
  @inlinable
  @inline(__always)
  public mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
    _ order: ByteOrder
  ) throws(ByteReaderError) -> Value {
    try read(Value.self, order)
  }

  /// Reads the next `count` bytes as they are.
  @inlinable
  @_lifetime(copy self)
  public mutating func readBytes(_ count: Int) throws(ByteReaderError) -> RawSpan {
    let start = try take(count)
    // Safe: `take` has just proved that these bytes are there.
    return unsafe bytes.extracting(unchecked: start..<start &+ count)
  }

  /// Reads the next `count` bytes through a reader of their own, whose positions start at 0.
  @inlinable
  @_lifetime(copy self)
  public mutating func readReader(_ count: Int) throws(ByteReaderError) -> ByteReader {
    ByteReader(try readBytes(count))
  }

  /// What has not been read yet.
  @inlinable
  public var rest: RawSpan {
    @_lifetime(copy self)
    get { bytes.extracting(offset..<count) }
  }

  /// Passes over the next `count` bytes.
  @inlinable
  public mutating func skip(_ count: Int) throws(ByteReaderError) {
    _ = try take(count)
  }

  /// Goes to an absolute position, forwards or backwards; the end itself is allowed.
  @inlinable
  public mutating func seek(to position: Int) throws(ByteReaderError) {
    guard position >= 0, position <= count else {
      throw .truncated(wanted: 0, at: position, of: count)
    }
    offset = position
  }

  /// Forgets what lies behind `end`, an absolute position, as a length in the bytes wants it; an end
  /// beyond the present one, or before what has been read, changes nothing.
  @inlinable
  public mutating func truncate(to end: Int) {
    guard end >= offset, end < count else { return }
    bytes = bytes.extracting(0..<end)
  }

  /// The next byte, which stays unread, or nil at the end.
  @inlinable
  public var next: UInt8? {
    guard !isAtEnd else { return nil }
    // Safe: `offset` is below `byteCount`, see the guard.
    return unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
  }

  /// The last byte of all, or nil if there are none.
  @inlinable
  public var last: UInt8? {
    guard count > 0 else { return nil }
    // Safe: there is at least one byte, see the guard.
    return unsafe bytes.unsafeLoad(fromUncheckedByteOffset: count &- 1, as: UInt8.self)
  }

  /// The number of bytes before the next `byte`, or nil if there is none any more.
  ///
  /// As fast as memchr(3), which it is.
  public func distance(to byte: UInt8) -> Int? {
    let (offset, length) = (offset, remaining)
    // Safe: memchr stays within `length`, and `offset + length` is the span's end.
    return unsafe bytes.withUnsafeBytes { all in
      guard length > 0, let base = all.baseAddress,
        let found = unsafe memchr(base + offset, Int32(byte), length)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base - offset
    }
  }

  /// Advances over `count` bytes and returns where they begin: the only bounds check of all.
  @inlinable
  mutating func take(_ count: Int) throws(ByteReaderError) -> Int {
    guard count >= 0, count <= remaining else {
      throw .truncated(wanted: count, at: offset, of: bytes.byteCount)
    }
    let start = offset
    offset = start &+ count
    return start
  }
}
