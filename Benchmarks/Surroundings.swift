internal import Bytes
internal import DropLab
internal import Glibc

/// The machine and the tools, as far as figures depend on them.
enum Surroundings {
  /// Prints them, one line, and what makes figures worse.
  static func show() throws {
    var system = utsname()
    _ = unsafe uname(&system)
    let kernel = unsafe withUnsafeBytes(of: &system.release) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let machine = unsafe withUnsafeBytes(of: &system.machine) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let load = try KernelFile.text(of: "/proc/loadavg").split(separator: " ").prefix(1).joined()
    var text = TextBuffer()
    text.append("Linux \(kernel) \(machine), \(sysconf(CInt(_SC_NPROCESSORS_ONLN))) processors, ")
    text.append("load \(load); \(try version("bpftrace")); \(try version("perf"))\n")
    for (path, wanted, sentence) in [
      (
        "net/core/bpf_jit_enable", "1", "BPF programs are interpreted: net.core.bpf_jit_enable is 0"
      ),
      (
        "kernel/bpf_stats_enabled", "0",
        "the kernel times BPF programs: kernel.bpf_stats_enabled is 1"
      ),
    ] {
      guard let value = try? KernelFile.text(of: "/proc/sys/" + path) else { continue }
      if !value.hasPrefix(wanted) { text.append("! \(sentence)\n") }
    }
    text.append("\n")
    try text.write(to: STDOUT_FILENO)
  }

  private static func version(_ tool: String) throws -> String {
    try Command.run([tool, "--version"]).split(separator: "\n").first.map(String.init) ?? tool
  }
}
