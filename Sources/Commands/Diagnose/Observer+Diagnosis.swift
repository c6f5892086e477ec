internal import Diagnosis
internal import DropModel
internal import Filters
internal import HostCounters

extension Observer {
  /// Judges what was told; `host` is the machine it happened on, nil if that is not this one.
  ///
  /// With a filter drops are missing that counters have, so both are not compared, unless it asks for all
  /// of some namespaces.
  func diagnosis(
    naming name: (DropKey) -> Drop, host: HostWindow?, filter: DropFilter
  ) throws -> Diagnosis {
    guard let session, let summary else {
      preconditionFailure("a run that went well has begun and ended")
    }
    let changes = host?.changes ?? []
    let moved = Dictionary(grouping: changes, by: \.namespace)
      .mapValues { Set($0.map(\.kind)) }
    let kinds = kinds(naming: name) { circumstances in
      let namespace = circumstances.drop.namespace?.inode
      circumstances.device = host?.device(of: circumstances.drop).map(Condition.DeviceKind.init)
      circumstances.moved = moved[namespace ?? 0, default: []].union(moved[0, default: []])
      circumstances.sysctl = { host?.sysctl($0, in: namespace) }
    }
    var diagnosis = Diagnosis(
      session: session, duration: summary.duration,
      findings: try Finding.all(kinds, knowledge: .embedded), loss: summary.loss,
      blindSpots: session.source.blindSpots + notes)
    if let host {
      diagnosis.blindSpots += host.problems
      diagnosis.remedies = diagnosis.findings.map { Remedy($0, on: host) }
      if !filter.criteria.isSubset(of: [.netns]) {
        diagnosis.blindSpots.append("Counters were not compared, for a filter left drops out.")
      } else {
        diagnosis.reconciliation = try Reconciliation(
          host.changes(in: filter.namespaces),
          kinds.map {
            Reconciliation.Dropped(
              $0.circumstances.drop, $0.entry.total, on: $0.circumstances.device)
          }, in: host.comparable(of: filter.namespaces), knowledge: .embedded)
      }
    } else {
      diagnosis.remedies = diagnosis.findings.map(Remedy.init(withoutHost:))
      diagnosis.blindSpots.append(
        "The machine itself: a recording has no live values, no counters to compare with, and does not tell what changed."
      )
    }
    return diagnosis
  }
}

extension Condition.DeviceKind {
  /// By what rtnetlink calls it.
  init(_ link: Link) {
    self =
      switch link.kind {
      case "openvswitch": .bridge
      case "team": .bond
      case "macvtap", "ipvlan", "ipvtap": .macvlan
      default: Self(rawValue: link.kind) ?? .tunnel
      }
  }
}
