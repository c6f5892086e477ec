/// Releases of the kernel, from one to another: "5.17-", "6.1-6.13".
package struct KernelRange: Equatable, Sendable, CustomStringConvertible {
  package var first: KernelRelease
  /// nil while it goes on.
  package var last: KernelRelease?

  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let first = KernelRelease(parts[0]) else { return nil }
    self.first = first
    guard !parts[1].isEmpty else { return }
    guard let last = KernelRelease(parts[1]), last >= first else { return nil }
    self.last = last
  }

  package func contains(_ release: KernelRelease) -> Bool {
    first <= release && last.map { release <= $0 } ?? true
  }

  package var description: String { "\(first)-\(last.map(\.description) ?? "")" }
}

/// A kernel's version: 6.18.
package struct KernelRelease: Comparable, Sendable, CustomStringConvertible {
  package var major: Int
  package var minor: Int

  /// Takes what `uname -r` says as well: "6.18.3-cloud".
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, let major = Int(parts[0]),
      let minor = Int(parts[1].prefix { $0.isNumber })
    else { return nil }
    (self.major, self.minor) = (major, minor)
  }

  package static func < (left: KernelRelease, right: KernelRelease) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  package var description: String { "\(major).\(minor)" }
}
