internal import Bytes
internal import CLinux
internal import Glibc
internal import KernelNames

/// What the checks look at: the machine's files and this process's privileges.
struct Machine {
  /// Linux capabilities by their number (linux/capability.h).
  enum Capability: Int32, CaseIterable {
    case netAdmin = 12
    case sysAdmin = 21
    case syslog = 34
    case perfmon = 38
    case bpf = 39

    /// As in capabilities(7).
    var name: String {
      switch self {
      case .netAdmin: "CAP_NET_ADMIN"
      case .sysAdmin: "CAP_SYS_ADMIN"
      case .syslog: "CAP_SYSLOG"
      case .perfmon: "CAP_PERFMON"
      case .bpf: "CAP_BPF"
      }
    }
  }

  /// `uname -r`.
  var release: String
  var capabilities: Set<Capability>
  /// The bytes of a file; throws what open(2) and read(2) say.
  var read: (String) throws(FileError) -> [UInt8]

  /// The machine this runs on.
  static var current: Machine {
    var bits: UInt64 = 0
    _ = unsafe clinux_effective_capabilities(&bits)
    var system = utsname()
    _ = unsafe uname(&system)
    let release = unsafe withUnsafeBytes(of: &system.release) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return Machine(
      release: release,
      capabilities: Set(Capability.allCases.filter { bits >> UInt64($0.rawValue) & 1 == 1 }),
      read: { path throws(FileError) in try [UInt8](contentsOfFile: path) })
  }

  /// A file's text without the end of its last line; nil if it cannot be read.
  func text(_ path: String) -> String? {
    guard let bytes = try? read(path) else { return nil }
    var text = Substring(decoding: bytes, as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}
