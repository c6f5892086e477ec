internal import Bytes
internal import DropModel
internal import Filters

/// Leaves out of what a recording tells what is not asked for, and accounts for it.
struct Selection {
  private let filter: NameFilter
  private let names: any DropNames
  private var accepted: [DropKey: Bool] = [:]
  /// What matching packets add up to, where only packets can tell.
  private var pending: [DropKey: Tally] = [:]
  /// Drops that matched, of the whole run.
  private var matched: UInt64 = 0
  /// Packets that were looked at.
  private var seen: UInt64 = 0

  init(_ filter: NameFilter, names: any DropNames) {
    self.filter = filter
    self.names = names
  }

  /// Keeps the packets that match.
  mutating func select(packetsOf batch: inout DropBatch) {
    guard !filter.isEmpty else { return }
    let storage = batch.packets.storage
    batch.packets.packets = batch.packets.packets.filter { packet in
      seen += 1
      guard accepts(packet.key), filter.accepts(packet.owner.map(names.owner)) else {
        return false
      }
      if let expression = filter.expression,
        !expression.matches(
          storage.span.extracting(packet.bytes).raw, originalLength: packet.originalLength,
          hasLinkHeader: packet.hasLinkHeader, ethertype: packet.key.ethertype)
      {
        return false
      }
      if filter.needsPackets { count(packet) }
      return true
    }
  }

  /// Keeps the counts that match, or makes them of packets that did; then accounts for the others.
  mutating func select(talliesOf batch: inout DropBatch) {
    guard !filter.isEmpty else { return }
    if filter.needsPackets {
      batch.tallies = Array(pending.values)
      pending.removeAll()
    } else {
      batch.tallies = batch.tallies.filter { accepts($0.key) }
    }
    matched += batch.tallies.reduce(0) { $0 + $1.counts.drops }
    var loss = batch.loss
    let tallied = loss.tallied
    loss.tallied = matched
    if filter.needsPackets {
      // Of drops without a packet in the file nobody knows whether they match.
      loss.filtered += seen - matched
      loss.missed += tallied - min(seen, tallied)
      loss.seen = loss.tallied + loss.overflowed + loss.filtered + loss.excluded
    } else {
      loss.filtered += tallied - matched
    }
    batch.loss = loss
  }

  /// What to say about counts that are only of packets; nil if they are of all drops.
  func note(_ drops: UInt64) -> String? {
    guard filter.needsPackets, seen < drops else { return nil }
    return "\(filter.text) can be asked only of packets: \(seen) of \(drops) drops have theirs in "
      + "the file, the others count as missed"
  }

  private mutating func accepts(_ key: DropKey) -> Bool {
    if let known = accepted[key] { return known }
    let isAccepted = filter.accepts(names.drop(for: key))
    accepted[key] = isAccepted
    return isAccepted
  }

  private mutating func count(_ packet: Packet) {
    let counts = Counts(
      drops: 1, bytes: UInt64(packet.length), segments: UInt64(packet.segments))
    pending[
      packet.key,
      default: Tally(key: packet.key, counts: .zero, first: packet.time, last: packet.time)
    ].add(counts, at: packet.time)
  }
}

extension Tally {
  fileprivate mutating func add(_ counts: Counts, at time: MonotonicTime) {
    self.counts += counts
    first = min(first, time)
    last = max(last, time)
  }
}
