/// How bad a drop is.
package enum Severity: String, CaseIterable, Comparable, Sendable {
  /// The kernel does what it should; nobody misses the packet.
  case benign
  /// It may be harm: somebody should look.
  case suspicious
  /// Somebody's packet is missing.
  case harmful

  package static func < (left: Severity, right: Severity) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}
