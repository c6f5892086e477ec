internal import CLibBPF
internal import CLinux
internal import Glibc
internal import Synchronization

/// Collects libbpf's warnings, so that an error can quote them instead of having them printed.
///
/// libbpf has one print callback for the whole process; it delivers a verifier log in a single
/// call, so a message is never cut.
enum LibBPFLog {
  private static let lines = Mutex<[String]>([])
  private static let installed: Bool = {
    unsafe libbpf_set_print { level, format, arguments in
      guard level == LIBBPF_WARN, let format = unsafe format,
        let arguments = unsafe arguments
      else { return 0 }
      guard let text = unsafe clinux_vformat(format, arguments) else { return 0 }
      let line = unsafe String(cString: text)
      unsafe free(text)
      LibBPFLog.lines.withLock { $0.append(line) }
      return 0
    }
    return true
  }()

  /// Starts collecting afresh; installs the callback on first use.
  static func clear() {
    _ = installed
    lines.withLock { $0.removeAll() }
  }

  /// What was collected since `clear()`, without trailing line ends.
  static func take() -> String {
    lines.withLock { lines in
      defer { lines.removeAll() }
      var text = lines.joined()
      while text.last?.isNewline == true { text.removeLast() }
      return text
    }
  }
}
