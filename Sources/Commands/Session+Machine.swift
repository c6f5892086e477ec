internal import CLinux
internal import Diagnosis
internal import DropModel
internal import Glibc
internal import Runtime

extension Session {
  /// What is said at the start of a run on this machine; `filter` is empty for everything.
  init(of source: SourceDescription, filter: String) {
    var system = utsname()
    _ = unsafe uname(&system)
    self.init(
      version: dropwatchVersion, source: source, kernel: text(of: &system.release),
      host: text(of: &system.nodename), started: .now, filter: filter.isEmpty ? nil : filter)
  }
}

/// A field of utsname up to its end.
private func text<Characters>(of characters: inout Characters) -> String {
  unsafe withUnsafeBytes(of: &characters) { bytes in
    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
