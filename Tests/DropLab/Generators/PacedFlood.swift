import Glibc

/// A flood at a given rate: bursts of live XDP frames, one every so often.
package struct PacedFlood {
  /// Bursts a second: each waits some 20 ms in the kernel besides its frames.
  private static let bursts = 20

  private let flood: XDPFlood

  /// Prepares the flood of `vb` in a lab's pair.
  package init(_ lab: Lab, _ namespace: LabNamespace) throws {
    flood = try XDPFlood(lab, namespace)
  }

  /// Makes `rate` drops a second for so long; falls behind rather than make fewer.
  package func run(_ load: XDPFlood.Load, rate: Int, for time: Duration) throws -> Flood {
    let clock = ContinuousClock()
    let start = clock.now
    let burst = max(1, rate / Self.bursts)
    let count = Int(Double(rate) * (time / .seconds(1)))
    var sum = Flood.none
    var next = start
    while sum.requested < count {
      sum = sum + (try flood.run(load, count: min(burst, count - sum.requested)))
      next = next.advanced(by: .seconds(1) / Self.bursts)
      if clock.now < next {
        let rest = clock.now.duration(to: next).components.attoseconds / 1_000_000_000_000
        usleep(UInt32(max(0, rest)))
      }
    }
    return Flood(
      requested: sum.requested, counted: sum.counted, segments: sum.segments,
      elapsed: clock.now - start)
  }
}
