/// The folder that a kernel was built in, which is taken from the beginning of its files' paths.
struct SourceTree: Equatable {
  /// Absolute or not, as the compiler was told; nil if it is not known.
  let root: [Substring]?

  init() { root = nil }

  /// Takes the tree of a file that stands in every kernel: "init/main.c".
  init(of frame: Frame, which name: String) {
    let parts = Self.parts(frame)
    let suffix = name.split(separator: "/")
    root = parts.suffix(suffix.count) == suffix[...] ? Array(parts.dropLast(suffix.count)) : nil
  }

  /// A frame's file within the tree: "net/ipv4/udp.c"; the whole path if it is not in it.
  ///
  /// A build beside the tree has files in both: Debian's compiles in debian/build/… . What is not
  /// below the root is cut where a folder of the kernel's begins.
  func file(of frame: Frame) -> String {
    let parts = Self.parts(frame)
    if let root, parts.starts(with: root) { return joined(parts.dropFirst(root.count)) }
    if let directory = frame.directory {
      let folder = Self.parts(directory)
      if parts.starts(with: folder) { return joined(parts.dropFirst(folder.count)) }
    }
    return joined(parts[...])
  }

  private func joined(_ parts: ArraySlice<Substring>) -> String {
    let first = parts.firstIndex { Self.folders.contains($0) } ?? parts.startIndex
    return parts[first...].joined(separator: "/")
  }

  private static func parts(_ frame: Frame) -> [Substring] {
    guard let directory = frame.directory, !frame.path.hasPrefix("/"),
      !frame.path.hasPrefix(directory + "/")
    else { return parts(frame.path) }
    return parts(directory + "/" + frame.path)
  }

  /// The path's folders without "." and "..".
  private static func parts(_ path: String) -> [Substring] {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return parts
  }

  /// What a kernel's tree consists of.
  private static let folders: Set<Substring> = [
    "arch", "block", "certs", "crypto", "drivers", "fs", "include", "init", "io_uring", "ipc",
    "kernel", "lib", "mm", "net", "rust", "security", "sound", "virt",
  ]
}
