package import Bytes

/// Why there are no symbols.
package enum SymbolTableError: Error, Equatable, Sendable {
  /// /proc/kallsyms could not be read; it is missing on kernels without CONFIG_KALLSYMS.
  case unreadable(FileError)
  /// The kernel shows all addresses as zero to this process.
  ///
  /// `pointerRestriction` is the value of kernel.kptr_restrict, nil if that is unknown.
  case restricted(pointerRestriction: Int?)
  /// Not `address type name [module]`; lines count from 1.
  case malformed(line: Int)
  /// The last line has no end: the text was cut off.
  case truncated(line: Int)
  /// There is not a single function in it.
  case empty
}

extension SymbolTableError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let error):
      "no symbols: \(error)"
    case .restricted(let restriction?) where restriction >= 2:
      """
      no symbols: kernel.kptr_restrict is \(restriction), which hides addresses from everyone. \
      Run sysctl kernel.kptr_restrict=1
      """
    case .restricted:
      """
      no symbols: the kernel hides addresses from this process. Run as root, or grant CAP_SYSLOG
      """
    case .malformed(let line):
      "cannot read symbols: line \(line) is not «address type name [module]»"
    case .truncated(let line):
      "cannot read symbols: the text ends in the middle of line \(line). Read it again"
    case .empty:
      "no symbols: not one function is listed. Is this kernel built with CONFIG_KALLSYMS?"
    }
  }
}
