internal import DropModel

/// A packet's way through the machine, with what was lost at each station: by drops that were seen, and by
/// counters.
package struct PacketWay: Sendable {
  /// What was lost at one station.
  package struct Stop: Sendable {
    package var station: Station
    /// What explains drops here, and how many, most first.
    package var causes: [Reconciliation.Line.Part] = []
    /// Counters of loss that moved here, those of all devices and namespaces as one, most first.
    package var counters: [Counter] = []

    /// All drops that were seen here.
    package var drops: UInt64 { causes.reduce(0) { $0 &+ $1.count } }
    /// Whether nothing was lost here.
    package var isQuiet: Bool { causes.isEmpty && counters.isEmpty }
  }

  /// A kind of counter that moved.
  package struct Counter: Equatable, Sendable {
    /// As knowledge calls it: "link.rx_dropped".
    package var kind: String
    package var change: UInt64
    /// How much of it no drop that was seen explains.
    package var remainder: UInt64
  }

  /// Every station, in the order of the way.
  package var stops: [Stop]
  /// Drops of which nobody knows where they belong.
  package var unplaced: UInt64

  /// Puts findings and counters where they belong; without counters if they were not compared.
  package init(_ findings: [Finding], _ reconciliation: Reconciliation?) {
    var causes: [Station: [String: UInt64]] = [:]
    unplaced = 0
    for finding in findings {
      guard let station = finding.entry?.station else {
        unplaced &+= finding.counts.drops
        continue
      }
      causes[station, default: [:]][finding.name, default: 0] &+= finding.counts.drops
    }
    var counters: [Station: [String: Counter]] = [:]
    for line in reconciliation?.lines ?? [] where line.counter.change > 0 {
      guard let station = line.knowledge?.station else { continue }
      let kind = line.counter.kind
      var sum = counters[station]?[kind] ?? Counter(kind: kind, change: 0, remainder: 0)
      sum.change &+= line.counter.change
      sum.remainder &+= line.remainder
      counters[station, default: [:]][kind] = sum
    }
    stops = Station.allCases.map { station in
      Stop(
        station: station,
        causes: (causes[station] ?? [:])
          .map { Reconciliation.Line.Part(name: $0.key, count: $0.value) }
          .sorted { ($1.count, $0.name) < ($0.count, $1.name) },
        counters: (counters[station] ?? [:]).values
          .sorted { ($1.change, $0.kind) < ($0.change, $1.kind) })
    }
  }

  /// Whether nothing was lost anywhere.
  package var isQuiet: Bool { unplaced == 0 && stops.allSatisfy(\.isQuiet) }
}

extension Diagnosis {
  /// The packet's way, with what was lost where.
  package var way: PacketWay { PacketWay(findings, reconciliation) }
}
