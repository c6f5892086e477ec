internal import Bytes

/// An entry of MPLS's label stack (RFC 3032).
package struct MPLSEntry: Equatable, Sendable, BitwiseCopyable {
  /// Label, traffic class, bottom mark and time to live as one number: 20, 3, 1 and 8 bits.
  package var value: UInt32

  package var label: UInt32 { value >> 12 }
  package var timeToLive: UInt8 { UInt8(truncatingIfNeeded: value) }
  /// Whether it is the last of its stack.
  package var isBottom: Bool { value & 0x100 != 0 }

  init(_ reader: inout ByteReader) throws(ByteReaderError) {
    value = try reader.read(.big)
  }

  /// Entries that are read at most; no router pushes as many.
  static let deepestStack = 16
}

extension TextBuffer {
  /// Appends "(label 16, ttl 64)" for each entry of the stack that begins at `offset`.
  mutating func append(labelsAt offset: Int, in bytes: RawSpan) {
    var reader = ByteReader(bytes)
    guard (try? reader.seek(to: offset)) != nil else { return }
    for index in 0..<MPLSEntry.deepestStack {
      guard let entry = try? MPLSEntry(&reader) else { return }
      append(index == 0 ? "(label " : " (label ")
      append(decimal: entry.label)
      append(", ttl ")
      append(decimal: entry.timeToLive)
      append(")")
      if entry.isBottom { return }
    }
  }
}
