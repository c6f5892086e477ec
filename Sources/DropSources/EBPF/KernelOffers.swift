internal import DropModel
internal import KernelNames

/// What of the kernel's tracepoints the source can use, by the kernel's own types.
///
/// A tracepoint is declared as `btf_trace_NAME`, a function pointer whose first parameter is the
/// tracing machinery's own (include/trace/bpf_probe.h).
struct KernelOffers: Equatable {
  /// Arguments of skb:kfree_skb: 2, a reason from 5.17, a socket from 6.11.
  var argumentCount: Int
  /// Whether network hardware's drops are told: devlink:devlink_trap_report, from 5.10.
  var hasTraps: Bool
  /// The number of QDISC_DROP where qdisc:qdisc_drop tells more (seen on 7.3); else 0.
  var qdiscReason: UInt32

  init(argumentCount: Int, hasTraps: Bool = false, qdiscReason: UInt32 = 0) {
    self.argumentCount = argumentCount
    self.hasTraps = hasTraps
    self.qdiscReason = qdiscReason
  }

  /// Asks the types; throws if there is nothing to watch at all.
  init(_ types: BTF) throws(SourceError) {
    let count: Int?
    do throws(BTFError) {
      count = try Self.arguments(of: "kfree_skb", types)
      let metadata = try types.member("trap_type", ofStructure: "devlink_trap_metadata")
      hasTraps = try Self.arguments(of: "devlink_trap_report", types) == 3 && metadata != nil
      qdiscReason =
        try Self.arguments(of: "qdisc_drop", types) == 5
        ? Self.reason("SKB_DROP_REASON_QDISC_DROP", types) : 0
    } catch {
      throw .failed("cannot read the kernel's BTF: \(error)")
    }
    guard let count, count >= 2 else {
      throw .unsupported(
        "this kernel has no tracepoint skb:kfree_skb to watch. It needs CONFIG_TRACEPOINTS and CONFIG_NET"
      )
    }
    argumentCount = count
  }

  private static func arguments(of tracepoint: String, _ types: BTF) throws(BTFError) -> Int? {
    try types.parameterCount(ofTypedef: "btf_trace_" + tracepoint).map { $0 - 1 }
  }

  private static func reason(_ constant: String, _ types: BTF) throws(BTFError) -> UInt32 {
    let reasons = try types.enumeration(named: "skb_drop_reason")?.constants ?? []
    return reasons.first { $0.name == constant }.flatMap { UInt32(exactly: $0.value) } ?? 0
  }

  /// Why hardware's drops cannot be seen where they are not told.
  static let noTraps =
    "this kernel has no tracepoint devlink:devlink_trap_report (5.10 and CONFIG_NET_DEVLINK)"

  /// What a source with these programs cannot see on this kernel.
  ///
  /// `refusal` tells why some of the programs could not be loaded.
  func blindSpots(_ programs: EBPFSource.Programs, refusal: String?) -> [String] {
    var spots: [String] = []
    if programs.hardware {
      spots.append(
        "drops in network hardware that it does not hand over (devlink trap set DEV trap NAME action trap), and in its driver's rings, before a packet exists"
      )
    } else {
      let why = hasTraps ? refusal ?? "they were not asked for" : Self.noTraps
      spots.append(
        "drops in network hardware and its driver's rings, before a packet exists; devlink traps: \(why)"
      )
    }
    guard programs.software else {
      return spots + ["drops in the kernel, which were not asked for"]
    }
    spots.append(
      "packets that are consumed, not freed as dropped (full accept queue, XDP_DROP in a driver)")
    if argumentCount < 3 {
      spots.append("reasons: this kernel has none (they came with 5.17)")
    }
    if qdiscReason != 0, programs.qdisc == nil {
      spots.append("which queueing discipline drops and why: \(refusal ?? "not asked for")")
    }
    return spots
  }
}
