import Bytes

/// The kernel's functions by address, from /proc/kallsyms.
///
/// Keeps the text it was made from and 16 bytes per line; a name becomes a `String` only when it
/// is looked up. A look-up is a binary search, about 100 ns with its string.
///
/// A snapshot: modules and BPF programs loaded later are not in it.
///
/// **Which lines.** Functions are `t`, `T`, `w` and `W`. All others (data, and `i`, which nm(1)
/// uses for indirect functions that no kernel has) name nothing, but end the function before.
///
/// **Where a function ends.** At the next function of the same owner (the kernel, or a module).
/// Where none follows, nothing tells its length: it is taken to reach to the next symbol of any
/// kind and at most ``openReach`` far. `_etext` and `_einittext` are ends, not functions. An
/// address behind an end has no symbol: better none than one a megabyte away.
///
/// **Aliases.** Of several functions at one address the first listed wins, which is what the
/// kernel prints itself (`%pS`): it lists strong before weak, functions before linker-script marks,
/// and few leading underscores before many (scripts/kallsyms.c, compare_symbols; for modules
/// find_kallsyms_symbol in kernel/module/kallsyms.c), so that traces and other tools agree.
package struct SymbolTable: Sendable {
  /// How far a function is believed to reach if nothing tells its end: one page.
  package static let openReach: UInt64 = 4096

  /// The names, each with its module behind a tab, a line each: half of what /proc/kallsyms is.
  let text: [UInt8]
  /// By address, and in the order of the text where that is the same.
  let entries: [Entry]

  /// The number of symbols, functions and others.
  package var count: Int { entries.count }

  /// Parses the text of /proc/kallsyms, in one pass, and sorts what little of it is not sorted.
  ///
  /// Throws `.restricted` with an unknown restriction if every function's address is zero.
  package init(kallsyms text: [UInt8]) throws(SymbolTableError) {
    var entries: [Entry] = []
    entries.reserveCapacity(text.count / 40)
    var names: [UInt8] = []
    names.reserveCapacity(text.count * 5 / 8)
    var reader = ByteReader(text.span.raw)
    var hasFunction = false
    var anyAddress: UInt64 = 0
    while !reader.isAtEnd {
      let start = reader.position
      guard var line = reader.readLine() else {
        throw .truncated(line: entries.count + 1)
      }
      guard var entry = Entry(&line, at: start) else {
        throw .malformed(line: entries.count + 1)
      }
      let name = Int(entry.nameOffset)
      entry.nameOffset = UInt32(names.count)
      names.append(contentsOf: text[name..<reader.position])
      entries.append(entry)
      guard entry.isFunction else { continue }
      hasFunction = true
      anyAddress |= entry.address
    }
    guard hasFunction else { throw .empty }
    guard anyAddress != 0 else { throw .restricted(pointerRestriction: nil) }

    // The standard library's sort finds ascending runs, so that this is one look at each entry
    // of the kernel's own, and work only for modules and BPF programs.
    entries.sort { ($0.address, $0.nameOffset) < ($1.address, $1.nameOffset) }
    self.text = names
    self.entries = entries
  }

  /// Reads the running kernel's symbols, which takes some 50 ms, nearly all of it the kernel's.
  ///
  /// `path` and `restrictionPath` are there for tests and for reading a copy of another machine's.
  package static func load(
    from path: String = "/proc/kallsyms",
    restrictionPath: String = "/proc/sys/kernel/kptr_restrict"
  ) throws(SymbolTableError) -> SymbolTable {
    let text: [UInt8]
    do throws(FileError) {
      text = try [UInt8](contentsOfFile: path, sizeHint: 8 << 20)
    } catch {
      throw .unreadable(error)
    }
    do throws(SymbolTableError) {
      return try SymbolTable(kallsyms: text)
    } catch .restricted {
      let restriction = (try? [UInt8](contentsOfFile: restrictionPath)).flatMap { bytes in
        var reader = ByteReader(bytes.span.raw)
        return reader.readDecimal().flatMap { Int(exactly: $0) }
      }
      throw .restricted(pointerRestriction: restriction)
    }
  }
}
