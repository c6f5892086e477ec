internal import Bytes

/// Where the running kernel's debug information may lie, and that of its modules.
package struct DebugFileSearch: Sendable {
  /// `uname -r`.
  package let release: String
  /// What stands before every path, for tests; empty.
  private let root: String

  package init(release: String, root: String = "") {
    self.release = release
    self.root = root
  }

  /// The build id of the running kernel, or of a module that is loaded; nil if it cannot be read.
  package func build(of module: String?) -> BuildID? {
    let path = module.map { "/sys/module/\($0)/notes/.note.gnu.build-id" } ?? "/sys/kernel/notes"
    return (try? [UInt8](contentsOfFile: root + path)).flatMap { BuildID(notes: $0) }
  }

  /// The files that may have it, the likeliest first; not all are there.
  ///
  /// Debian has them below /usr/lib/debug by path, Fedora and SUSE by build id as well; a kernel of one's
  /// own lies where it was built.
  package func candidates(of module: String?, _ build: BuildID) -> [String] {
    let byBuild = "\(root)/usr/lib/debug/.build-id/\(build.path)"
    guard let module else {
      return [
        "\(root)/usr/lib/debug/boot/vmlinux-\(release)",
        "\(root)/usr/lib/debug/lib/modules/\(release)/vmlinux", byBuild,
        "\(root)/boot/vmlinux-\(release)", "\(root)/lib/modules/\(release)/build/vmlinux",
      ]
    }
    guard let file = file(of: module) else { return [byBuild] }
    return [
      "\(root)/usr/lib/debug/lib/modules/\(release)/\(file)",
      "\(root)/usr/lib/debug/lib/modules/\(release)/\(file).debug", byBuild,
      "\(root)/lib/modules/\(release)/\(file)",
    ]
  }

  /// A module's file below /lib/modules/RELEASE, without its compression: "kernel/net/bridge/bridge.ko".
  ///
  /// From modules.dep, see depmod(8): a line per module, "PATH: WHAT IT NEEDS". A file may have dashes where
  /// the module has underscores.
  private func file(of module: String) -> String? {
    let path = "\(root)/lib/modules/\(release)/modules.dep"
    guard let bytes = try? [UInt8](contentsOfFile: path) else { return nil }
    var reader = ByteReader(bytes.span.raw)
    while var line = reader.readLine() {
      guard let file = line.readReader(upTo: UInt8(ascii: ":"))?.rest.text,
        let end = file.firstRange(of: ".ko")?.upperBound
      else { continue }
      let stem = file[..<end].dropLast(3).split(separator: "/").last ?? ""
      if String(stem.map { $0 == "-" ? "_" : $0 }) == module { return String(file[..<end]) }
    }
    return nil
  }
}
