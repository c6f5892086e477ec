package import DropModel

/// How many drops are allowed, of one kind or of all.
package struct DropLimit: Equatable, Sendable {
  /// A reason ("NO_SOCKET", "qdisc/OVERLIMIT", "OVERLIMIT") or a function of the kernel's; nil for all.
  package var name: String?
  package var most: UInt64

  package init(name: String?, most: UInt64) {
    self.name = name
    self.most = most
  }

  /// Whether it is about such a drop; names are told apart without their case.
  package func counts(_ drop: Drop) -> Bool {
    guard let wanted = name?.lowercased() else { return true }
    return [drop.reason?.label, drop.reason?.name, drop.site?.function]
      .contains { $0?.lowercased() == wanted }
  }
}
