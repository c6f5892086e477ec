/// Which drops are asked for, in the kernel's numbers: what a source leaves out is counted.
package struct DropFilter: Equatable, Sendable {
  /// What the packet's bytes must match; nil for anything.
  package var expression: PacketFilter?

  package init() {}

  /// Whether everything is asked for.
  package var isEmpty: Bool { self == DropFilter() }
}
