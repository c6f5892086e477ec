internal import Glibc

/// A point in time of `CLOCK_REALTIME`, in nanoseconds since 1970 (UTC).
package struct WallTime: Comparable, Hashable, Sendable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The present.
  package static var now: WallTime {
    WallTime(nanoseconds: Int64(clock_gettime_nsec(CLOCK_REALTIME)))
  }

  package static func < (left: WallTime, right: WallTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// "2026-11-23T10:24:21.123456Z" (RFC 3339).
  package var rfc3339: String {
    let (date, time) = fields(utc: true)
    return "\(date)T\(time).\(pad(Int(nanoseconds % 1_000_000_000) / 1000, 6))Z"
  }

  /// "10:24:21", in the machine's time zone, as people read it.
  package var localClock: String { fields(utc: false).time }

  /// "Mon Nov  3 11:15:52 2026", in the machine's time zone: asctime(3), without its newline.
  package var localDate: String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = unsafe tm()
    _ = unsafe localtime_r(&seconds, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let (day, month) = unsafe (Int(parts.tm_wday), Int(parts.tm_mon))
    let date = unsafe Int(parts.tm_mday)
    return unsafe "\(days[day]) \(months[month]) \(date < 10 ? " " : "")\(date) "
      + "\(localClock) \(parts.tm_year + 1900)"
  }

  private func fields(utc: Bool) -> (date: String, time: String) {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = unsafe tm()
    _ = unsafe utc ? gmtime_r(&seconds, &parts) : localtime_r(&seconds, &parts)
    return unsafe (
      "\(parts.tm_year + 1900)-\(pad(Int(parts.tm_mon) + 1, 2))-\(pad(Int(parts.tm_mday), 2))",
      "\(pad(Int(parts.tm_hour), 2)):\(pad(Int(parts.tm_min), 2)):\(pad(Int(parts.tm_sec), 2))"
    )
  }

  private func pad(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension MonotonicTime {
  /// The present.
  package static var now: MonotonicTime {
    MonotonicTime(nanoseconds: clock_gettime_nsec(CLOCK_MONOTONIC))
  }

  /// This moment and a while.
  package func advanced(by duration: Duration) -> MonotonicTime {
    let (seconds, attoseconds) = duration.components
    return MonotonicTime(
      nanoseconds: nanoseconds + UInt64(seconds) * 1_000_000_000
        + UInt64(attoseconds / 1_000_000_000))
  }

  /// How long before `later` this was; zero if it was not.
  package func duration(to later: MonotonicTime) -> Duration {
    .nanoseconds(Int64(later.nanoseconds >= nanoseconds ? later.nanoseconds - nanoseconds : 0))
  }

  /// The same moment on the wall's clock, as the two clocks stand now.
  package var wallTime: WallTime {
    let age = Int64(bitPattern: MonotonicTime.now.nanoseconds &- nanoseconds)
    return WallTime(nanoseconds: WallTime.now.nanoseconds - age)
  }
}

/// clock_gettime(2) in nanoseconds; these clocks cannot fail.
private func clock_gettime_nsec(_ clock: clockid_t) -> UInt64 {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

extension Duration {
  /// Seconds as a fraction.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
