@testable internal import KernelNames

/// The kernel's symbols and types.
enum KernelNamesInput {
  static func readSymbols(_ bytes: [UInt8]) {
    guard let table = try? SymbolTable(kallsyms: bytes) else { return }
    for entry in table.entries {
      for address in [entry.address, entry.address &- 1, entry.address &+ 1] {
        guard let symbol = table.symbol(at: address) else { continue }
        expect(symbol.offset <= address, "a function begins at or before what is in it")
        expect(symbol.size.map { symbol.offset < $0 } ?? true, "an address lies in its function")
      }
    }
  }

  static func readTypes(_ bytes: [UInt8]) {
    guard let types = try? BTF(bytes) else { return }
    _ = try? types.enumerations { _ in true }
    _ = try? types.parameterCount(ofTypedef: "btf_trace_kfree_skb")
    for structure in ["sk_buff", ""] {
      guard let member = try? types.member("dev", ofStructure: structure) else { continue }
      expect(member.bitOffset >= 0, "a member lies behind the beginning")
    }
    // A module's types on top of these.
    guard let module = try? BTF(bytes, base: types) else { return }
    _ = try? module.enumerations { _ in true }
    _ = try? module.member("dev", ofStructure: "sk_buff")
  }
}
