/// The live sources, in the order of preference.
package enum SourceName: String, CaseIterable, Sendable {
  /// A BPF program: everything, exact, at any rate.
  case ebpf
  /// The kernel's drop monitor over netlink: exact counts of sites on kernels without BTF.
  case netdm
  /// The tracepoint by perf_event_open(2), without BPF: sites and reasons, a record per drop.
  case tracepoint
}
