package import DropModel

extension Knowledge {
  /// The name of the entry that explains a drop: its reason, or where that says nothing its site;
  /// nil if neither is known.
  package func name(for drop: Drop) -> String? {
    if let reason = drop.reason, reason.label != Self.unspecified {
      return places[reason.label] == nil ? nil : reason.label
    }
    // Compilers name parts of functions: udp_queue_rcv_one_skb.part.0, ip_rcv_finish.isra.0.
    if let symbol = drop.site?.symbol {
      let function = String(symbol.prefix { $0 != "." })
      if places[function]?.layer == "sites" { return function }
    }
    return drop.reason.map(\.label)
  }

  /// How bad a drop is if no more is known than its reason and site; nil if nothing is known of them.
  package func severity(of drop: Drop) -> Severity? { name(for: drop).flatMap { severity($0) } }

  /// The reason that says that none was given.
  static let unspecified = "NOT_SPECIFIED"
}
