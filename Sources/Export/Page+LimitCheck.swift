internal import Bytes
package import Diagnosis
internal import DropModel

extension Page {
  /// The answer of `dropwatch check`.
  package init(_ check: LimitCheck) {
    heading(check.verdict, level: 1)
    let session = check.session
    var duration = TextBuffer(capacity: 32)
    duration.append(decimal: check.duration.seconds, digits: 1)
    facts([
      ("Machine", "\(session.host), Linux \(session.kernel)"),
      ("Looked at", "\(duration.text) s by \(session.source.name)"),
      ("Only", session.filter), ("Command", check.command?.ending),
    ])
    list(
      "Limits",
      check.results.map { result in
        Item(
          text: "\(result.outcome.rawValue): \(result.text)", tone: result.outcome.tone,
          remarks: result.outcome == .kept ? [] : result.places)
      })
    let names = check.results.filter { $0.outcome == .exceeded }.flatMap(\.explained)
    list(
      "What it means",
      names.prefix(5).map { name in
        let what = (try? Knowledge.embedded.entry(name))?.what
        return Item(text: what ?? name, commands: ["dropwatch explain \(name)"])
      })
    list("What could not be seen", check.blindSpots.map { Item(text: $0) })
  }
}

extension LimitCheck.Result {
  /// "20 NO_SOCKET at __udp4_lib_rcv+1212 on veth0 in netns red", five at most.
  package var places: [String] {
    let places = kinds.prefix(5).map { kind in
      let drop = kind.drop
      return "\(grouped(kind.drops))"
        + (drop.reason.map { " \($0.label)" } ?? "")
        + (drop.site.map { " at \($0.label)" } ?? "")
        + (drop.device.map { " on \($0.label)" } ?? "")
        + (drop.namespace.map { " in netns \($0.label)" } ?? "")
    }
    return kinds.count > 5 ? places + ["and \(kinds.count - 5) more kinds"] : places
  }

  /// The entries of knowledge that explain them, most drops first.
  fileprivate var explained: [String] {
    var names: [String] = []
    for kind in kinds {
      if let name = Knowledge.embedded.name(for: kind.drop), !names.contains(name) {
        names.append(name)
      }
    }
    return names
  }
}

extension LimitCheck.Result.Outcome {
  fileprivate var tone: Page.Tone {
    switch self {
    case .kept: .good
    case .exceeded: .bad
    case .unknown: .doubtful
    }
  }
}
