import Bytes

extension SymbolTable {
  /// One line of /proc/kallsyms.
  struct Entry {
    /// Where the function or datum begins.
    let address: UInt64
    /// Where its name begins in the text.
    var nameOffset: UInt32
    /// Whether its type is `t`, `T`, `w` or `W`.
    let isFunction: Bool

    /// Reads `address type name`, and `[module]` after a tab, from a line that begins at `start`
    /// in the text; nil if it is something else.
    ///
    /// See s_show in kernel/kallsyms.c.
    @inline(__always)
    init?(_ line: inout ByteReader, at start: Int) {
      guard let address = line.readHexadecimal(), line.accept(UInt8(ascii: " ")),
        let type = try? line.read(UInt8.self), line.accept(UInt8(ascii: " ")),
        let offset = UInt32(exactly: start + line.position),
        let first = line.next, first > UInt8(ascii: " ")
      else { return nil }
      self.address = address
      nameOffset = offset
      let letter = type | 0x20  // in lower case
      isFunction = letter == UInt8(ascii: "t") || letter == UInt8(ascii: "w")
      // Most lines have no module: a look at the last byte saves searching them for one.
      guard line.last == UInt8(ascii: "]") else { return }
      guard line.readReader(upTo: UInt8(ascii: "\t")) != nil, line.accept(UInt8(ascii: "[")) else {
        return nil
      }
    }
  }
}
