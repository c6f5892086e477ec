internal import BPF
internal import CDropRecords
internal import Filters

extension EBPFSource {
  /// Which of the programs in kfree_skb.bpf.c a source loads.
  struct Programs: Equatable {
    /// Whether members are read by plain loads, which takes BTF's types.
    var isTyped: Bool
    /// Whether packets are handed over besides being counted.
    var handsOver: Bool
    /// Whether drops in the kernel are counted.
    var software: Bool
    /// Whether drops in network hardware are.
    var hardware: Bool
    /// The reason QDISC_DROP if a queueing discipline's own reason is looked for; else 0.
    var qdiscReason: UInt32

    /// The one for drops in the kernel; nil if they are not asked for.
    var drop: String? {
      software ? (isTyped ? "typed_" : "untyped_") + (handsOver ? "packets" : "counting") : nil
    }

    /// The one for drops in hardware; nil if they are not asked for, or not told.
    var trap: String? { hardware ? (handsOver ? "trap_packets" : "trap_counting") : nil }

    /// The one for queueing disciplines; nil if there is nothing more to learn of them.
    var qdisc: String? {
      software && qdiscReason != 0 ? (isTyped ? "typed_qdisc" : "untyped_qdisc") : nil
    }

    /// The names of those that are loaded.
    var names: [String] { [drop, trap, qdisc].compactMap(\.self) }

    /// Only what nobody can do without.
    var bare: Programs {
      var bare = self
      if software { bare.hardware = false }
      bare.qdiscReason = 0
      return bare
    }

    static let allNames =
      ["typed", "untyped"].flatMap { type in
        ["packets", "counting", "qdisc"].map { "\(type)_\($0)" }
      } + ["trap_packets", "trap_counting"]
  }

  /// An object with some of its programs in the kernel.
  struct Loaded: ~Copyable {
    let object: BPFObject
    let programs: Programs
    /// Why some of what was wanted is missing, in one sentence; nil if nothing is.
    let refusal: String?
  }

  /// Loads the programs by the best way that the kernel takes.
  ///
  /// What tells of hardware and queueing disciplines is left out if it cannot be loaded.
  static func load(
    _ options: EBPFOptions, offers: KernelOffers
  ) throws(SourceError) -> Loaded {
    let order: [Bool] =
      switch options.attachment {
      case .automatic: [true, false]
      case .typed: [true]
      case .raw: [false]
      }
    let expression = try Self.expression(of: options.filter)
    var refusals: [BPFError] = []
    for isTyped in order {
      let wanted = Programs(
        isTyped: isTyped, handsOver: options.packets != .none, software: options.software,
        hardware: offers.hasTraps && options.hardware != .off, qdiscReason: offers.qdiscReason)
      for programs in wanted == wanted.bare ? [wanted] : [wanted, wanted.bare] {
        do throws(BPFError) {
          let object = try load(
            options, offers: offers, programs: programs, expression: expression)
          return Loaded(
            object: object, programs: programs,
            refusal: programs == wanted ? nil : refusals.last?.sentence)
        } catch {
          refusals.append(error)
        }
        // Without the privilege the other ways are refused as well.
        if refusals.last?.isPermission == true { throw SourceError(refusals[0]) }
      }
    }
    throw SourceError(refusals[0])
  }

  private static func expression(of filter: DropFilter) throws(SourceError) -> KernelProgram? {
    do throws(FilterError) {
      return try filter.expression?.kernelProgram(room: Int(DROP_FILTER_ROOM))
    } catch {
      throw .failed("\(error)")
    }
  }

  private static func load(
    _ options: EBPFOptions, offers: KernelOffers, programs: Programs, expression: KernelProgram?
  ) throws(BPFError) -> BPFObject {
    var file = ObjectFile(kfree_skbObject)
    if let expression {
      try file.replace(
        function: "matches_expression", by: expression.instructions.map(\.encoded))
    }
    // Without its types, for each of which libbpf searches all of the kernel's (1 ms).
    if options.filter.bits == 0 {
      try file.replace(
        function: "passes_keys", by: KernelProgram.accepting.map(\.encoded))
    }
    let object = try BPFObject(bytes: file.bytes, name: "dropwatch")
    let chosen = programs.names
    for name in Programs.allNames {
      try object.setAutoload(chosen.contains(name), ofProgram: name)
    }
    try object.setConstants(
      options.settings(
        argumentCount: offers.argumentCount, programs: programs, expression: expression))
    let keys = programs.software ? options.keys : 1
    try object.setCapacity(keys, ofMap: "tallies")
    try object.setCapacity(options.keys, ofMap: "devices")
    try object.setCapacity(options.budgetCapacity, ofMap: "budgets")
    try object.setCapacity(options.ringCapacity, ofMap: "packets")
    try object.setCapacity(options.rareCapacity(programs.trap != nil), ofMap: "trap_tallies")
    try object.setCapacity(options.rareCapacity(programs.qdisc != nil), ofMap: "qdisc_tallies")
    // Packets of hardware that may yet be dropped by the kernel as well; see trapped.h.
    try object.setCapacity(programs.software && programs.hardware ? 4096 : 1, ofMap: "trapped")
    try size(options.filter, in: object)
    try object.load()
    try fill(options.filter, in: object)
    return object
  }
}

extension BPFError {
  /// What failed, without the verifier's log.
  fileprivate var sentence: String { BPFError(operation, code: code).description }
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
