internal import Bytes

/// What tells one build of a kernel or module from all others: the linker's digest in an ELF note.
package struct BuildID: Hashable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  /// Takes what a note holds; nil if it is too short to be looked for in a folder.
  package init?(bytes: [UInt8]) {
    guard bytes.count > 2 else { return nil }
    self.bytes = bytes
  }

  /// Finds it among ELF notes, as in /sys/kernel/notes; nil if it is not there or they are damaged.
  ///
  /// See elf(5), "Notes (Nhdr)": lengths of name and contents, a type, then both, each padded to 4 bytes.
  package init?(notes: [UInt8]) {
    var reader = ByteReader(notes.span.raw)
    do {
      while !reader.isAtEnd {
        let nameLength = Int(try reader.read(UInt32.self, .host))
        let length = Int(try reader.read(UInt32.self, .host))
        let type = try reader.read(UInt32.self, .host)
        let name = try reader.readBytes(nameLength)
        try reader.skip(min(-nameLength & 3, reader.remaining))
        let contents = try reader.readBytes(length)
        try reader.skip(min(-length & 3, reader.remaining))
        // NT_GNU_BUILD_ID
        guard type == 3, name.equals("GNU\0") else { continue }
        self.init(bytes: [UInt8](contents))
        return
      }
    } catch {}
    return nil
  }

  /// In hexadecimal, as file names have it.
  package var description: String { Self.hexadecimal(bytes[...]) }

  /// Below a folder of debug information: "70/3f….debug".
  var path: String {
    "\(Self.hexadecimal(bytes[..<1]))/\(Self.hexadecimal(bytes[1...])).debug"
  }

  private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    for byte in bytes { text += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    return text
  }
}
