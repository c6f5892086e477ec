/// How far the wall's clock is ahead of `CLOCK_MONOTONIC`: what makes dates of the kernel's times.
///
/// It changes when somebody sets the clock, and is another one for what a recording holds.
package struct ClockOffset: Equatable, Sendable, BitwiseCopyable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// As this machine's clocks stand now.
  package static var now: ClockOffset {
    ClockOffset(
      nanoseconds: WallTime.now.nanoseconds &- Int64(bitPattern: MonotonicTime.now.nanoseconds))
  }
}

extension MonotonicTime {
  /// The same moment on the wall's clock.
  package func wallTime(_ offset: ClockOffset) -> WallTime {
    WallTime(nanoseconds: Int64(bitPattern: nanoseconds) &+ offset.nanoseconds)
  }
}
