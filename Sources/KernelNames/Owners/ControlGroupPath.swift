internal import DropModel

/// What a control group's path tells about who lives there, by the conventions of systemd and of the
/// container runtimes.
struct ControlGroupPath {
  private let parts: [Substring]

  init(_ path: String) { parts = path.split(separator: "/") }

  /// The systemd unit: the innermost service or scope, else the innermost slice; nil if none.
  ///
  /// See systemd.unit(5); a user's own services lie inside of the service that is his manager.
  var unit: String? {
    let innermost = parts.last { $0.hasSuffix(".service") || $0.hasSuffix(".scope") }
    return (innermost ?? parts.last { $0.hasSuffix(".slice") }).map(String.init)
  }

  /// The innermost container; nil if it is none that we know.
  var container: Container? {
    for index in parts.indices.reversed() {
      if let found = container(at: index) { return found }
    }
    return nil
  }

  private func container(at index: Int) -> Container? {
    let part = parts[index]
    // systemd's way: RUNTIME-ID.scope.
    let scopes = [
      ("docker-", "docker"), ("libpod-", "podman"), ("crio-", "cri-o"),
      ("cri-containerd-", "containerd"), ("nerdctl-", "containerd"),
    ]
    for (prefix, runtime) in scopes where part.hasPrefix(prefix) {
      let id = part.dropFirst(prefix.utf8.count).prefix { $0 != "." }
      if Self.isIdentifier(id) { return Container(id: String(id), runtime: runtime) }
    }
    for prefix in ["lxc.payload.", "lxc.monitor."] where part.hasPrefix(prefix) {
      return Container(id: String(part.dropFirst(prefix.utf8.count)), runtime: "lxc")
    }
    // systemd-machined's: machine-NAME.scope, with "-" written "\x2d".
    if part.hasPrefix("machine-"), part.hasSuffix(".scope") {
      let name = part.dropFirst("machine-".utf8.count).dropLast(".scope".utf8.count)
      return Container(id: Self.unescaped(name), runtime: "nspawn")
    }
    // Without systemd the runtime is the folder above, or nobody tells.
    guard Self.isIdentifier(part) else { return nil }
    let above = index > parts.startIndex ? parts[index - 1] : ""
    let folders = ["docker": "docker", "libpod_parent": "podman", "lxc": "lxc"]
    return Container(id: String(part), runtime: folders[String(above)])
  }

  /// Whether it is what runtimes number containers with: 64 hexadecimal digits.
  private static func isIdentifier(_ text: Substring) -> Bool {
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
