/// A drop reason in words.
package struct DropReasonName: Hashable, Sendable {
  /// The part of the kernel that the reason belongs to, in lower case: `core`, `openvswitch`,
  /// `qdisc`; `subsystem 5` if the kernel has no name for it.
  package let subsystem: String
  /// The reason's name without what all names of its subsystem begin with: `NO_SOCKET`; `reason 137`
  /// if the kernel has no name for it.
  package let name: String

  package init(subsystem: String, name: String) {
    self.subsystem = subsystem
    self.name = name
  }
}

extension DropReasonName: CustomStringConvertible {
  /// The name alone for the kernel's core, else `qdisc/OVERLIMIT`.
  package var description: String {
    subsystem == DropReasonTable.core ? name : "\(subsystem)/\(name)"
  }
}
