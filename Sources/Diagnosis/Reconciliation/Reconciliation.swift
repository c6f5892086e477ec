internal import Bytes
package import DropModel

/// Counters of the kernel's beside the drops that move them: what they share, and what each has alone.
package struct Reconciliation: Sendable {
  /// One counter, and who moved it.
  package struct Line: Sendable {
    package var counter: CounterChange
    /// Drops (or their segments) by the name of what explains them, most first.
    package var parts: [Part]
    /// What is known of the counter; nil if nothing is.
    package var knowledge: CounterEntry?

    package struct Part: Equatable, Sendable {
      package var name: String
      package var count: UInt64
    }

    /// All that drops explain.
    package var explained: UInt64 { parts.reduce(0) { $0 &+ $1.count } }

    /// What the counter has and drops have not.
    package var remainder: UInt64 {
      counter.change > explained ? counter.change - explained : 0
    }

    /// What drops have and the counter has not.
    package var excess: UInt64 { explained > counter.change ? explained - counter.change : 0 }
  }

  /// Counters that moved, and those that drops should have moved: by namespace, then as the packet
  /// meets them.
  package var lines: [Line]
  /// Drops that no counter of the kernel's counts, as far as is known.
  package var uncounted: [Line.Part]
  /// Drops in namespaces that are not known, or whose counters were not read both before and after.
  package var uncompared: [Line.Part]

  /// One kind of drop in the window.
  package struct Dropped: Sendable {
    package var drop: Drop
    package var counts: Counts
    package var device: Condition.DeviceKind?

    package init(_ drop: Drop, _ counts: Counts, on device: Condition.DeviceKind? = nil) {
      self.drop = drop
      self.counts = counts
      self.device = device
    }
  }

  /// Adds drops up by the counters that they move.
  ///
  /// `changes` holds counters of loss only once each; those that did not move may be absent.
  /// `namespaces` are those that `changes` is of, 0 for the machine's own; nil for all.
  package init(
    _ changes: [CounterChange], _ drops: [Dropped], in namespaces: Set<UInt32>? = nil,
    knowledge: Knowledge
  ) throws(KnowledgeError) {
    var parts: [Place: [String: UInt64]] = [:]
    var uncounted: [String: UInt64] = [:]
    var uncompared: [String: UInt64] = [:]
    var entries: [String: Entry?] = [:]
    for dropped in drops {
      let name = knowledge.name(for: dropped.drop) ?? dropped.drop.reason?.label ?? "unknown"
      if entries[name] == nil { entries[name] = .some(try knowledge.entry(name)) }
      let known = (entries[name] ?? nil)?.counters ?? []
      let effects = known.filter {
        $0.condition.holds(for: dropped.drop, device: dropped.device)
      }
      guard !effects.isEmpty else {
        // Of a source that tells no namespace, nor protocols, nobody knows which counters moved.
        if dropped.drop.namespace == nil, !known.isEmpty {
          uncompared[name, default: 0] &+= dropped.counts.drops
          continue
        }
        uncounted[name, default: 0] &+= dropped.counts.drops
        continue
      }
      var isCompared = true
      for effect in effects {
        let place = Place(effect.counter, dropped.drop)
        guard place.isIn(namespaces) else {
          isCompared = false
          continue
        }
        let count =
          switch effect.unit {
          case .packets, .events: dropped.counts.drops
          case .segments: dropped.counts.segments
          case .bytes: dropped.counts.bytes
          }
        parts[place, default: [:]][name, default: 0] &+= count
      }
      if !isCompared { uncompared[name, default: 0] &+= dropped.counts.drops }
    }
    var lines: [Line] = []
    for counter in Self.summed(changes) {
      let place = Place(counter)
      let known = try knowledge.counter(counter.kind)
      let explained = parts.removeValue(forKey: place) ?? [:]
      guard counter.change > 0 || !explained.isEmpty, known?.isBad ?? false else { continue }
      lines.append(Line(counter: counter, parts: Self.sorted(explained), knowledge: known))
    }
    // Counters that were to move and did not, or could not be read.
    for (place, explained) in parts {
      lines.append(
        Line(
          counter: place.unmoved, parts: Self.sorted(explained),
          knowledge: try knowledge.counter(place.kind)))
    }
    self.lines = lines.sorted { $0.order < $1.order }
    self.uncounted = Self.sorted(uncounted)
    self.uncompared = Self.sorted(uncompared)
  }

  /// Which counter: of which namespace and device.
  private struct Place: Hashable {
    var kind: String
    var namespace: UInt32
    var device: String?

    init(_ counter: CounterChange) {
      kind = counter.kind
      namespace = counter.family == "softnet" ? 0 : counter.namespace
      device = Self.hasDevice(counter.family) ? counter.instance : nil
    }

    init(_ kind: String, _ drop: Drop) {
      self.kind = kind
      let family = String(kind.prefix { $0 != "." })
      namespace = family == "softnet" ? 0 : drop.namespace?.inode ?? 0
      device = Self.hasDevice(family) ? drop.device?.label : nil
    }

    func isIn(_ namespaces: Set<UInt32>?) -> Bool {
      guard let namespaces else { return true }
      return namespaces.contains(namespace) && (namespace != 0 || kind.hasPrefix("softnet."))
    }

    private static func hasDevice(_ family: String) -> Bool {
      family == "link" || family == "qdisc" || family == "ethtool"
    }

    var unmoved: CounterChange {
      let words = kind.split(separator: ".", maxSplits: 1).map(String.init)
      return CounterChange(
        family: words.first ?? kind, instance: device, field: words.last ?? kind,
        namespace: namespace, change: 0)
    }
  }

  /// Counters that drops cannot tell apart as one: all CPUs, all queueing disciplines of a device.
  private static func summed(_ changes: [CounterChange]) -> [CounterChange] {
    var sums: [Place: CounterChange] = [:]
    for change in changes {
      var change = change
      switch change.family {
      case "softnet": (change.instance, change.namespace) = (nil, 0)
      case "qdisc": change.instance = change.instance?.split(separator: " ").first.map(String.init)
      default: break
      }
      let place = Place(change)
      if let sum = sums[place] { change.change &+= sum.change }
      sums[place] = change
    }
    return Array(sums.values)
  }

  private static func sorted(_ parts: [String: UInt64]) -> [Line.Part] {
    parts.map { Line.Part(name: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}

extension Reconciliation.Line {
  fileprivate var order: (UInt32, Int, String) {
    let station = knowledge.flatMap { Station.allCases.firstIndex(of: $0.station) }
    return (counter.namespace, station ?? Station.allCases.count, counter.title)
  }

  /// As a sum: "eth0 rx_dropped +54 = 40 UNHANDLED_PROTO + 14 not seen as packet drops: …".
  package var text: String {
    var sides = parts.map { "\(grouped($0.count)) \($0.name)" }
    if remainder > 0 || parts.isEmpty {
      sides.append("\(grouped(remainder)) not seen as packet drops")
    }
    var text = "\(counter.title) +\(grouped(counter.change)) = \(sides.joined(separator: " + "))"
    if excess > 0 { text += ", \(grouped(excess)) more than it counted" }
    if remainder > 0, let remark = knowledge?.remainder { text += ": \(remark)" }
    return text
  }
}
