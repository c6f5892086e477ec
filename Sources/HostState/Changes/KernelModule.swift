internal import Bytes

/// A part of the kernel that may be loaded, built in, or neither.
enum KernelModule {
  /// Whether the kernel has it now, so that asking for it loads nothing.
  ///
  /// See proc_modules(5); a kernel without that file has everything built in.
  static func isThere(
    _ name: String, loaded: String = "/proc/modules", builtIn: String? = nil
  ) -> Bool {
    guard let list = try? [UInt8](contentsOfFile: loaded) else { return true }
    let lines = list.span.text.split(separator: "\n")
    if lines.contains(where: { $0.hasPrefix("\(name) ") }) { return true }
    let path = builtIn ?? "/lib/modules/\(release)/modules.builtin"
    guard let names = try? [UInt8](contentsOfFile: path) else { return false }
    return names.span.text.contains("/\(name).ko\n")
  }

  private static var release: String {
    let bytes = try? [UInt8](contentsOfFile: "/proc/sys/kernel/osrelease")
    return bytes.map { $0.span.text.filter { !$0.isWhitespace } } ?? ""
  }
}
