internal import KernelNames

/// Finds the addresses of what `--site` names.
struct SiteSearch {
  private let symbols: () throws(SymbolTableError) -> SymbolTable

  init(_ symbols: @escaping () throws(SymbolTableError) -> SymbolTable) { self.symbols = symbols }

  /// Those of all functions of that name, or of one place in them: `name+0x9e`, or `0x…` itself.
  ///
  /// What the compiler split off (`name.part.0`, `name.cold`) belongs to the name.
  func ranges(of site: String) throws(FilterError) -> [Range<UInt64>] {
    if site.hasPrefix("0x") {
      guard let address = UInt64(site.dropFirst(2), radix: 16), address < .max else {
        throw .invalid("--site", site, "it is not an address")
      }
      return [address..<address + 1]
    }
    let parts = site.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    var offset: UInt64?
    if parts.count == 2 {
      let digits = parts[1].hasPrefix("0x") ? parts[1].dropFirst(2) : parts[1]
      guard let number = UInt64(digits, radix: 16) else {
        throw .invalid("--site", site, "what follows the + is not a hexadecimal number")
      }
      offset = number
    }
    let table: SymbolTable
    do throws(SymbolTableError) {
      table = try symbols()
    } catch {
      throw .invalid("--site", site, "\(error)")
    }
    let functions = table.functions(named: name, withParts: offset == nil)
    guard !functions.isEmpty else {
      throw .unknown(
        "function", name, near: nearNames(to: name, among: table.functions(like: name)))
    }
    guard let offset else { return functions }
    let places = functions.filter { offset < UInt64($0.count) }
      .map { $0.lowerBound + offset..<$0.lowerBound + offset + 1 }
    guard !places.isEmpty else {
      throw .invalid("--site", site, "the function is shorter than that")
    }
    return places
  }
}
