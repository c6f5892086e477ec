internal import Bytes
internal import Glibc

/// The bytes of a BPF object that are changed before it is opened: a function gets another body.
///
/// An ELF file as the compiler writes it for BPF: 64 bits, this machine's byte order (elf(5)).
/// See docs/decisions/0009-filters-in-the-kernel.md for why.
package struct ObjectFile {
  /// The whole file.
  package private(set) var bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Gives the function `name` another body, in instructions of eight bytes.
  ///
  /// All others stay where they are. A body that is no longer takes the old one's place: what is left
  /// of that belongs to no function, and libbpf passes over it with all that must be looked up for it.
  /// For a longer one the function must be the last of `.text`, the section of functions that
  /// programs call; the section then moves to the end of the file, where it has room.
  package mutating func replace(function name: String, by body: [UInt64]) throws(BPFError) {
    let place: Place?
    do throws(ByteReaderError) {
      place = try find(name)
    } catch {
      throw BPFError("read the BPF object", code: ENOEXEC, log: "\(error)")
    }
    guard let place else { throw BPFError("find the function \(name)", code: ENOENT) }
    let size = body.count * 8
    let fits = size <= place.symbol.end - place.symbol.start
    guard fits || place.symbol.end == place.section.size else {
      throw BPFError("make the function \(name) longer, which is not the last one", code: ENOSPC)
    }
    set(size, at: place.symbol.entry + Symbol.sizeField)
    guard !fits else {
      let old = place.section.offset + place.symbol.start
      bytes.replaceSubrange(old..<old + size, with: body.flatMap(\.inMemory))
      return
    }
    // Instructions are aligned.
    bytes.append(contentsOf: repeatElement(0, count: -bytes.count & 7))
    let start = bytes.count
    let kept = place.section.offset..<place.section.offset + place.symbol.start
    bytes.append(contentsOf: bytes[kept])
    for instruction in body { bytes.append(contentsOf: instruction.inMemory) }
    set(start, at: place.section.header + Section.offsetField)
    set(bytes.count - start, at: place.section.header + Section.sizeField)
  }

  private mutating func set(_ value: Int, at offset: Int) {
    bytes.replaceSubrange(offset..<offset + 8, with: UInt64(value).inMemory)
  }
}

extension UInt64 {
  /// Its bytes as this machine keeps them.
  fileprivate var inMemory: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: littleEndian >> (8 * $0)) }
  }
}

extension ObjectFile {
  /// A section, and where its header is in the file.
  private struct Section {
    let header: Int
    let name: Int
    let type: UInt32
    let offset: Int
    let size: Int

    // In Elf64_Shdr.
    static let offsetField = 24
    static let sizeField = 32
    static let symbols: UInt32 = 2
  }

  /// A function's symbol, and where it is in the file.
  private struct Symbol {
    let entry: Int
    /// From the beginning of its section, in bytes.
    let start: Int
    let end: Int

    // In Elf64_Sym.
    static let sizeField = 16
    static let length = 24
    static let function: UInt8 = 2
  }

  private struct Place {
    let section: Section
    let symbol: Symbol
  }

  private func find(_ function: String) throws(ByteReaderError) -> Place? {
    let (sections, names) = try sections()
    guard let strings = sections.dropFirst(names).first else { return nil }
    var code: (number: UInt16, section: Section)?
    for (number, section) in sections.enumerated()
    where try text(at: section.name, in: strings) == ".text" {
      code = (UInt16(truncatingIfNeeded: number), section)
    }
    guard let code, let table = sections.first(where: { $0.type == Section.symbols }) else {
      return nil
    }
    // The compiler puts the names of sections and symbols into one table.
    for entry in stride(from: table.offset, to: table.offset + table.size, by: Symbol.length) {
      var reader = ByteReader(bytes.span.raw)
      try reader.seek(to: entry)
      let name = Int(try reader.read(UInt32.self, .host))
      let kind = try reader.read(UInt8.self)
      try reader.skip(1)
      let section = try reader.read(UInt16.self, .host)
      let start = Int(clamping: try reader.read(UInt64.self, .host))
      let size = Int(clamping: try reader.read(UInt64.self, .host))
      guard kind & 0xF == Symbol.function, section == code.number,
        try text(at: name, in: strings) == function
      else { continue }
      let (end, wraps) = start.addingReportingOverflow(size)
      guard !wraps, end <= code.section.size else { return nil }
      return Place(section: code.section, symbol: Symbol(entry: entry, start: start, end: end))
    }
    return nil
  }

  /// All sections, and which of them holds the names.
  private func sections() throws(ByteReaderError) -> ([Section], names: Int) {
    var reader = ByteReader(bytes.span.raw)
    try reader.seek(to: 40)
    let table = Int(clamping: try reader.read(UInt64.self, .host))
    try reader.seek(to: 58)
    let size = Int(try reader.read(UInt16.self, .host))
    let count = Int(try reader.read(UInt16.self, .host))
    let names = Int(try reader.read(UInt16.self, .host))
    var sections: [Section] = []
    for number in 0..<count {
      let (header, wraps) = table.addingReportingOverflow(number * size)
      try reader.seek(to: wraps ? .max : header)
      var fields = try reader.readReader(size)
      let name = Int(try fields.read(UInt32.self, .host))
      let type = try fields.read(UInt32.self, .host)
      try fields.skip(16)
      let offset = Int(clamping: try fields.read(UInt64.self, .host))
      let length = Int(clamping: try fields.read(UInt64.self, .host))
      // What lies outside the file is left out, and with it what would be looked for there.
      let isInside = type != 8 && offset <= bytes.count && length <= bytes.count - offset
      sections.append(
        Section(
          header: header, name: name, type: type, offset: isInside ? offset : 0,
          size: isInside ? length : 0))
    }
    return (sections, names)
  }

  private func text(at offset: Int, in table: Section) throws(ByteReaderError) -> String {
    var reader = ByteReader(bytes.span.raw)
    try reader.seek(to: table.offset)
    var names = try reader.readReader(table.size)
    try names.seek(to: offset)
    guard let length = names.distance(to: 0) else { return "" }
    return try names.readBytes(length).text
  }
}
