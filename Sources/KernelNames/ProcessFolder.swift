internal import Bytes

/// One process, as procfs shows it: proc(5).
package struct ProcessFolder: Hashable, Sendable {
  package let number: Int32
  /// Its folder: "/proc/812".
  package let path: String

  /// Process `number` in the procfs that is mounted at `root`; it need not be there any more.
  package init(_ number: Int32, in root: String = "/proc") {
    self.number = number
    path = "\(root)/\(number)"
  }

  /// All that are there, by number.
  package static func all(in root: String = "/proc") -> [ProcessFolder] {
    entries(ofFolder: root).compactMap { Int32($0) }.sorted().map { ProcessFolder($0, in: root) }
  }

  /// What it is called (`comm`); nil if it is gone.
  package var command: String? {
    guard let bytes = try? [UInt8](contentsOfFile: "\(path)/comm"), !bytes.isEmpty else {
      return nil
    }
    return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
  }

  /// Whether it lives where the kernel started: process 1, and the mother of the kernel's threads, for
  /// not everybody may look at process 1.
  package var isOfKernel: Bool { number == 1 || number == 2 && command == "kthreadd" }

  /// The inodes of the sockets that it has open, in no order; none if it may not be looked at.
  package var sockets: [UInt64] {
    let (before, after) = ("socket:[", "]")
    return entries(ofFolder: "\(path)/fd").compactMap { name in
      guard let link = target(ofLink: "\(path)/fd/\(name)"), link.hasPrefix(before),
        link.hasSuffix(after)
      else { return nil }
      return UInt64(link.dropFirst(before.utf8.count).dropLast())
    }
  }
}
