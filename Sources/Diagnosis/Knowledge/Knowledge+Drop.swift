package import DropModel

extension Knowledge {
  /// The name of the entry that explains a drop: its reason, or where that says nothing its site;
  /// nil if neither is known.
  package func name(for drop: Drop) -> String? {
    if let reason = drop.reason, reason.label != Self.unspecified {
      return places[reason.label] == nil ? nil : reason.label
    }
    if let function = drop.site?.function, places[function]?.layer == Self.siteLayer {
      return function
    }
    return drop.reason.map(\.label)
  }

  /// How bad a drop is if no more is known than its reason and site; nil if nothing is known of them.
  package func severity(of drop: Drop) -> Severity? { name(for: drop).flatMap { severity($0) } }

  static let siteLayer = "sites"

  /// The reason that says that none was given.
  static let unspecified = "NOT_SPECIFIED"
}
