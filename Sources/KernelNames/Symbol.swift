/// A place in the kernel's code: a function and how far into it.
package struct Symbol: Equatable, Sendable {
  /// The function's name, as in /proc/kallsyms.
  package let name: String
  /// The module it belongs to, `bpf` for a JIT-compiled program, nil for the kernel itself.
  package let module: String?
  /// How many bytes the address lies behind the function's beginning.
  package let offset: UInt64
  /// The function's length in bytes, up to the next function; nil if nothing tells where it ends.
  package let size: UInt64?

  /// A symbol of the kernel itself, unless a module is given.
  package init(name: String, module: String? = nil, offset: UInt64, size: UInt64? = nil) {
    self.name = name
    self.module = module
    self.offset = offset
    self.size = size
  }
}

extension Symbol: CustomStringConvertible {
  /// The kernel's own notation (`%pS`): `name+0x1f/0x90 [module]`.
  package var description: String {
    let size = size.map { "/0x" + String($0, radix: 16) } ?? ""
    let module = module.map { " [\($0)]" } ?? ""
    return "\(name)+0x\(String(offset, radix: 16))\(size)\(module)"
  }
}
