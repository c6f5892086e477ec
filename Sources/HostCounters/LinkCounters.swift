internal import Netlink

/// The counters of network devices, with those that only some of them have.
enum LinkCounters: CounterSource {
  static let family = CounterFamily.link

  static func read(_ place: CounterPlace, into snapshot: inout CounterSnapshot) throws {
    let links = try place.links()
    let further = Dictionary(
      try ExtendedLinkStatistics.all(over: try place.connection(.route))
        .map { ($0.device, $0.values) }, uniquingKeysWith: { $1 })
    for link in links {
      for (field, value) in further[link.index] ?? [:] {
        snapshot.counters[CounterName(family, link.name, field)] = value
      }
      snapshot.identify(family, link.name, as: UInt64(link.index))
      for (field, value) in zip(LinkStatistics.fields, link.statistics.values) {
        snapshot.counters[CounterName(family, link.name, field)] = value
      }
    }
  }
}

extension CounterPlace {
  /// The devices, with those named that are wireless, which rtnetlink does not tell.
  func linksWithKinds() throws -> [Link] {
    try links().map { link in
      guard link.kind == "physical" else { return link }
      var link = link
      // Only /sys that was mounted in this namespace shows its devices.
      let isWireless = (try? file("/sys/class/net/\(link.name)/phy80211/index")) != nil
      if isWireless { link.kind = "wireless" }
      return link
    }
  }
}

extension CounterReader {
  /// The network devices of the namespace, with kind and counters.
  package func links() throws -> [Link] {
    try inside { try $0.linksWithKinds() }
  }
}
