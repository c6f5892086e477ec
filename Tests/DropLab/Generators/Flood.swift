import Glibc

/// What a generator did: how much was asked for, how much the kernel counted, and how long it took.
package struct Flood: Sendable {
  /// skbs that the generator wanted dropped.
  package let requested: Int
  /// Drops by a counter of the kernel that no tracer touches: a device's or a protocol's.
  package let counted: Int
  /// Packets that the drops stood for on the wire; more than `requested` for segmented skbs.
  package let segments: Int
  /// Wall time from the first to the last.
  package let elapsed: Duration

  /// Wall time per dropped skb.
  package var nanosecondsPerDrop: Double {
    let (seconds, attoseconds) = elapsed.components
    return (Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(max(1, requested))
  }

  /// Drops per second.
  package var rate: Double { 1e9 / nanosecondsPerDrop }

  /// Two floods, one after the other.
  package static func + (left: Flood, right: Flood) -> Flood {
    Flood(
      requested: left.requested + right.requested, counted: left.counted + right.counted,
      segments: left.segments + right.segments, elapsed: left.elapsed + right.elapsed)
  }

  /// A flood of nothing.
  package static let none = Flood(requested: 0, counted: 0, segments: 0, elapsed: .zero)
}
