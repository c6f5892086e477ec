import Bytes

extension SymbolTable {
  /// Where functions of a name lie, of the kernel and of modules; a name may be given to several.
  ///
  /// With `withParts` also what the compiler split off or made a copy of: `name.part.0`,
  /// `name.cold`, `name.isra.0`. Goes through all symbols once, 1 to 2 ms.
  package func functions(named name: String, withParts: Bool) -> [Range<UInt64>] {
    let wanted = Array(name.utf8)
    var ranges: [Range<UInt64>] = []
    for (index, entry) in entries.enumerated() where entry.isFunction {
      var reader = ByteReader(text.span.extracting(Int(entry.nameOffset)...).raw)
      guard wanted.allSatisfy({ reader.accept($0) }), let next = reader.next else { continue }
      // A newline, a tab before the module, or the dot before a part.
      let isWhole = next == UInt8(ascii: "\n") || next == UInt8(ascii: "\t")
      guard isWhole || withParts && next == UInt8(ascii: ".") else { continue }
      let end = entries[index...].first { $0.address > entry.address }?.address
      // Where the next symbol is far away it does not tell the function's end.
      let reach = min(end ?? .max, entry.address.addingReportingOverflow(Self.openReach << 4).0)
      if entry.address < reach { ranges.append(entry.address..<reach) }
    }
    return ranges
  }

  /// Names of functions that contain a text, or begin with its first four letters.
  package func functions(like name: String) -> [String] {
    let beginning = name.prefix(4)
    guard beginning.count == 4 else { return [] }
    let names = entries.lazy.filter(\.isFunction).compactMap { entry -> String? in
      var reader = ByteReader(text.span.extracting(Int(entry.nameOffset)...).raw)
      guard let line = reader.readLine()?.rest.text else { return nil }
      let candidate = String(line.prefix { $0 != "\t" })
      return candidate.hasPrefix(beginning) || candidate.contains(name) ? candidate : nil
    }
    return Array(Set(names))
  }
}
