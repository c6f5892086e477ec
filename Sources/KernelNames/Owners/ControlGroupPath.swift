package import DropModel

/// What a control group's path tells about who lives there, by the conventions of systemd and of the
/// container runtimes.
package struct ControlGroupPath {
  private let parts: [Substring]

  package init(_ path: String) { parts = path.split(separator: "/") }

  /// The systemd unit: the innermost service or scope, else the innermost slice; nil if none.
  ///
  /// See systemd.unit(5); a user's own services lie inside of the service that is his manager.
  package var unit: String? {
    let innermost = parts.last { $0.hasSuffix(".service") || $0.hasSuffix(".scope") }
    return (innermost ?? parts.last { $0.hasSuffix(".slice") }).map(String.init)
  }

  /// The innermost container; nil if it is none that we know.
  package var container: Container? {
    for index in parts.indices.reversed() {
      if let found = container(at: index) { return found }
    }
    return nil
  }

  private func container(at index: Int) -> Container? {
    let part = parts[index]
    for prefix in ["lxc.payload.", "lxc.monitor."] where part.hasPrefix(prefix) {
      return Container(id: String(part.dropFirst(prefix.utf8.count)), runtime: "lxc")
    }
    // systemd's own, with "-" written "\\x2d".
    for (prefix, suffix) in [("machine-", ".scope"), ("systemd-nspawn@", ".service")]
    where part.hasPrefix(prefix) && part.hasSuffix(suffix) {
      let name = part.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
      return name.isEmpty ? nil : Container(id: Self.unescaped(name), runtime: "nspawn")
    }
    // With systemd RUNTIME-ID.scope; without it the runtime is the folder above, or nobody tells.
    let bare = part.hasSuffix(".scope") ? part.dropLast(".scope".utf8.count) : part
    let dash = bare.lastIndex(of: "-")
    let id = dash.map { bare[bare.index(after: $0)...] } ?? bare
    guard Self.isIdentifier(id) else { return nil }
    let above = index > parts.startIndex ? parts[index - 1] : ""
    return Container(
      id: String(id), runtime: Self.runtimes[String(dash.map { bare[..<$0] } ?? above)])
  }

  /// What runtimes are called after how they begin a scope's name, or call the folder above.
  private static let runtimes = [
    "docker": "docker", "libpod": "podman", "libpod_parent": "podman", "crio": "cri-o",
    "cri-containerd": "containerd", "nerdctl": "containerd", "lxc": "lxc",
  ]

  /// Whether it is what runtimes number containers with: 64 hexadecimal digits.
  package static func isIdentifier(_ text: Substring) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
          || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
      }
  }

  private static func unescaped(_ name: Substring) -> String {
    let parts = name.split(separator: "\\x2d", omittingEmptySubsequences: false)
    return parts.joined(separator: "-")
  }
}
