internal import Glibc

/// The processor time of the calling thread so far, in nanoseconds: clock_gettime(2).
var processorTime: Int {
  var time = timespec()
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

extension [Double] {
  /// The value below which this part of the values lies, between two neighbours by interpolation;
  /// not a number if there are none.
  func quantile(_ part: Double) -> Double {
    guard !isEmpty else { return .nan }
    let ordered = sorted()
    let place = part * Double(count - 1)
    let below = Int(place)
    let above = Swift.min(below + 1, count - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - Double(below))
  }

  /// The middle one.
  var median: Double { quantile(0.5) }
}

extension Duration {
  /// As a number of milliseconds.
  var milliseconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) * 1e3 + Double(attoseconds) / 1e15
  }
}
