/// Appends header fields in network byte order.
struct ByteBuilder {
  /// What was appended so far.
  private(set) var bytes: [UInt8] = []

  /// Appends one byte.
  mutating func add(_ value: UInt8) { bytes.append(value) }

  /// Appends two bytes, the high one first.
  mutating func add(_ value: UInt16) {
    add(UInt8(value >> 8))
    add(UInt8(truncatingIfNeeded: value))
  }

  /// Appends four bytes, the highest first.
  mutating func add(_ value: UInt32) {
    add(UInt16(value >> 16))
    add(UInt16(truncatingIfNeeded: value))
  }

  /// Appends bytes as they are.
  mutating func add(_ more: [UInt8]) { bytes += more }

  /// Overwrites two bytes at an offset that was already appended, as checksums need it.
  mutating func put(_ value: UInt16, at offset: Int) {
    bytes[offset] = UInt8(value >> 8)
    bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
  }
}
