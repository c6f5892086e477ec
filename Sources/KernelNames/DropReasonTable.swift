package import DropModel
/// The names of the running kernel's drop reasons.
///
/// A reason is `subsystem << 16 | number` (SKB_DROP_REASON_SUBSYS_SHIFT in
/// include/net/dropreason-core.h); numbers differ between kernels, so every name here was read
/// from the kernel itself. The rules, which know no kernel and no reason by name:
///
/// - Core reasons are the constants of `enum skb_drop_reason` whose subsystem is 0. As in the
///   kernel's own strings (net/core/skbuff.c), `SKB_DROP_REASON_` is left out, or else `SKB_`.
/// - Subsystems are the constants of `enum skb_drop_reason_subsys`, in lower case.
/// - Their reasons are the constants, of any enumeration whose tag ends in `drop_reason` or
///   `drop_reasons`, whose upper half is such a subsystem. What all of a subsystem's have in common
///   up to an underscore is left out: `QDISC_DROP_OVERLIMIT` is `OVERLIMIT`.
/// - A last constant `MAX` counts reasons and is none.
package struct DropReasonTable: Equatable, Sendable {
  /// The name of subsystem 0.
  package static let core = "core"

  /// What the names were read from.
  package enum Source: Equatable, Sendable {
    /// The kernel's type information, with that of these modules.
    case btf(modules: [String])
    /// The tracepoints' format files: core reasons, and queueing reasons where there are any.
    case tracepointFormat
    /// This kernel gives no reasons: it is older than 5.17.
    case kernelWithoutReasons
    /// Nothing could be read; reasons have numbers only.
    case nothing
  }

  /// What the names were read from.
  package internal(set) var source = Source.nothing
  /// What could not be read, and why; may be empty or not whatever the source is.
  package internal(set) var problems: [DropReasonProblem] = []

  /// The subsystems' names by number.
  var subsystems: [UInt32: String] = [0: Self.core]
  /// The reasons' names.
  var names: [UInt32: DropReason] = [:]
  /// The reasons by the kernel's own spelling.
  var spellings: [String: UInt32] = [:]

  /// A table without names.
  package init() {}

  /// The number of reasons with a name.
  package var count: Int { names.count }

  /// The reason's name; a reason without one is named by its number.
  package func name(of reason: UInt32) -> DropReason {
    if let name = names[reason] { return name }
    let (subsystem, number) = (reason >> Self.subsystemShift, reason & 0xffff)
    return DropReason(
      subsystem: subsystems[subsystem] ?? "subsystem \(subsystem)", name: "reason \(number)")
  }

  /// The reason that the kernel itself spells so, nil if there is none.
  ///
  /// NET_DM sends names instead of numbers: `NO_SOCKET`, but `OVS_DROP_METER`
  /// (NET_DM_ATTR_REASON, net/core/drop_monitor.c).
  package func reason(spelled spelling: String) -> UInt32? {
    spellings[spelling]
  }

  /// The name of the reason that the kernel spells so; as spelled, and of the core, if this table
  /// has no such reason.
  package func name(spelled spelling: String) -> DropReason {
    reason(spelled: spelling).map(name(of:)) ?? DropReason(subsystem: Self.core, name: spelling)
  }

  /// SKB_DROP_REASON_SUBSYS_SHIFT.
  static let subsystemShift: UInt32 = 16
}
