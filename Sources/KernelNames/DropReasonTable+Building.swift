internal import DropModel
extension DropReasonTable {
  /// Adds what the kernel's types tell, and says whether the kernel has reasons at all.
  mutating func add(kernel: BTF) throws(BTFError) -> Bool {
    guard let core = try kernel.enumeration(named: "skb_drop_reason") else { return false }
    for (reason, constant) in Self.reasons(core.constants) where reason >> Self.subsystemShift == 0
    {
      let name = constant.removingPrefix("SKB_DROP_REASON_") ?? constant.removingPrefix("SKB_")
      add(reason, name: name ?? constant, spelling: name ?? constant)
    }
    dropMaximum(of: 0)

    if let list = try kernel.enumeration(named: "skb_drop_reason_subsys") {
      let prefix = "SKB_DROP_REASON_SUBSYS_"
      for constant in list.constants {
        guard let number = UInt32(exactly: constant.value),
          let name = constant.name.removingPrefix(prefix)
        else { continue }
        subsystems[number] = name.lowercased()
      }
      // Its last constant counts the subsystems, as MAX does the reasons.
      if let last = subsystems.keys.max(), subsystems[last] == "num" { subsystems[last] = nil }
    }
    try add(subsystemsOf: kernel)
    return true
  }

  /// Adds the reasons of other subsystems than the core that these types define.
  mutating func add(subsystemsOf types: BTF) throws(BTFError) {
    let enumerations = try types.enumerations {
      $0.hasSuffix("drop_reason") || $0.hasSuffix("drop_reasons")
    }
    for enumeration in enumerations {
      let bySubsystem = Dictionary(grouping: Self.reasons(enumeration.constants)) {
        $0.reason >> Self.subsystemShift
      }
      for (subsystem, reasons) in bySubsystem where subsystem != 0 {
        guard subsystems[subsystem] != nil else { continue }
        // The subsystem's base value is no reason like the others and is not named like them.
        let prefix = commonPrefix(of: reasons.filter { $0.reason & 0xffff != 0 }.map(\.constant))
        for (reason, constant) in reasons {
          add(reason, name: constant.removingPrefix(prefix) ?? constant, spelling: constant)
        }
        dropMaximum(of: subsystem)
      }
    }
  }

  /// Adds the names that a tracepoint prints; `system` is its directory under events/.
  mutating func add(_ format: TracepointFormat, system: String) {
    for symbol in format.symbols["reason"] ?? [] {
      guard let reason = UInt32(exactly: symbol.value) else { continue }
      let subsystem = reason >> Self.subsystemShift
      // 0 is a core reason, except that others list their own «not set» under it.
      guard subsystem != 0 || system == "skb" else { continue }
      if subsystems[subsystem] == nil { subsystems[subsystem] = system }
      add(reason, name: symbol.name, spelling: symbol.name)
    }
    for subsystem in subsystems.keys { dropMaximum(of: subsystem) }
  }

  private mutating func add(_ reason: UInt32, name: String, spelling: String) {
    guard names[reason] == nil, let subsystem = subsystems[reason >> Self.subsystemShift] else {
      return
    }
    names[reason] = DropReason(subsystem: subsystem, name: name)
    // A core name wins over the same name elsewhere.
    if spellings[spelling] == nil { spellings[spelling] = reason }
  }

  private mutating func dropMaximum(of subsystem: UInt32) {
    let last = names.keys.filter { $0 >> Self.subsystemShift == subsystem }.max()
    guard let last, names[last]?.name == "MAX" else { return }
    names[last] = nil
    spellings = spellings.filter { $0.value != last }
  }

  /// The constants that can be reasons, by number, without leading underscores, which mac80211
  /// puts before the same names of a second enumeration.
  private static func reasons(
    _ constants: [BTF.Enumeration.Constant]
  ) -> [(reason: UInt32, constant: String)] {
    constants.compactMap { constant in
      guard let reason = UInt32(exactly: constant.value) else { return nil }
      return (reason, String(constant.name.drop { $0 == "_" }))
    }
  }
}

/// What all names begin with, up to an underscore and with it; empty for fewer than two names.
private func commonPrefix(of names: [String]) -> String {
  guard let first = names.min(), let last = names.max(), names.count > 1 else { return "" }
  let common = zip(first, last).prefix { $0 == $1 }.map(\.0)
  guard let underscore = common.lastIndex(of: "_") else { return "" }
  return String(common[...underscore])
}

extension String {
  /// What follows `prefix`; nil if it does not begin with it, or nothing follows.
  fileprivate func removingPrefix(_ prefix: String) -> String? {
    guard hasPrefix(prefix), count > prefix.count else { return nil }
    return String(dropFirst(prefix.count))
  }
}
