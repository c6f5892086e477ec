internal import BPF
internal import CDropRecords
internal import KernelNames

extension EBPFSource {
  /// One of the programs in kfree_skb.bpf.c, of which a source loads one.
  struct Program: Equatable {
    /// Whether members are read by plain loads, which takes BTF's types.
    let isTyped: Bool
    /// Whether packets are handed over besides being counted.
    let handsOver: Bool

    /// Its name in the object.
    var name: String { (isTyped ? "typed_" : "untyped_") + (handsOver ? "packets" : "counting") }

    static let all = [true, false].flatMap { isTyped in
      [true, false].map { Program(isTyped: isTyped, handsOver: $0) }
    }
  }

  /// How many arguments this kernel's tracepoint has: 2, a reason from 5.17, a socket from 6.11.
  ///
  /// The kernel declares them as `btf_trace_kfree_skb`, a function pointer whose first parameter
  /// is the tracing machinery's own (include/trace/bpf_probe.h).
  static func argumentCount(_ types: BTF) throws(SourceError) -> Int {
    let parameters: Int?
    do throws(BTFError) {
      parameters = try types.parameterCount(ofTypedef: "btf_trace_kfree_skb")
    } catch {
      throw .failed("cannot read the kernel's BTF: \(error)")
    }
    guard let parameters, parameters >= 3 else {
      throw .unsupported(
        "this kernel has no tracepoint skb:kfree_skb to watch. It needs CONFIG_TRACEPOINTS and CONFIG_NET"
      )
    }
    return parameters - 1
  }

  /// Loads the program by the best way that the kernel takes.
  static func load(
    _ options: EBPFOptions, argumentCount: Int
  ) throws(SourceError) -> Loaded {
    let order: [Bool] =
      switch options.attachment {
      case .automatic: [true, false]
      case .typed: [true]
      case .raw: [false]
      }
    var refusals: [BPFError] = []
    for isTyped in order {
      let program = Program(isTyped: isTyped, handsOver: options.packets != .none)
      do throws(BPFError) {
        return try load(options, argumentCount: argumentCount, program: program)
      } catch {
        refusals.append(error)
        // Without the privilege the other way is refused as well.
        if error.isPermission { break }
      }
    }
    throw SourceError(refusals[0])
  }

  /// An object with one of its programs in the kernel.
  struct Loaded: ~Copyable {
    let object: BPFObject
    let program: Program
  }

  private static func load(
    _ options: EBPFOptions, argumentCount: Int, program: Program
  ) throws(BPFError) -> Loaded {
    let object = try BPFObject(bytes: kfree_skbObject, name: "dropwatch")
    for candidate in Program.all {
      try object.setAutoload(candidate == program, ofProgram: candidate.name)
    }
    try object.setConstants(options.settings(argumentCount: argumentCount))
    try object.setCapacity(options.keys, ofMap: "tallies")
    try object.setCapacity(options.keys, ofMap: "devices")
    try object.setCapacity(options.budgetCapacity, ofMap: "budgets")
    try object.setCapacity(options.ringCapacity, ofMap: "packets")
    try object.load()
    return Loaded(object: object, program: program)
  }

  /// What this source cannot see on this kernel.
  static func blindSpots(argumentCount: Int) -> [String] {
    var spots = [
      "drops in network hardware and its driver's rings, before a packet exists",
      "packets that are consumed, not freed as dropped (full accept queue, XDP_DROP in a driver)",
    ]
    if argumentCount < 3 {
      spots.append("reasons: this kernel has none (they came with 5.17)")
    }
    return spots
  }
}

extension SourceError {
  /// Turns a refusal into what to do about it.
  init(_ error: BPFError) {
    self =
      error.isPermission
      ? .notPermitted(
        """
        not permitted to \(error.operation). Run as root, or grant CAP_BPF and CAP_PERFMON \
        (before kernel 5.8: CAP_SYS_ADMIN)
        """) : .failed("\(error)")
  }
}
