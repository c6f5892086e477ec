internal import ArgumentParser
internal import DropModel
internal import Glibc
internal import Runtime

/// A moment in a recording as written on the command line: `2026-11-23T10:24:21Z`, `10:24:21`,
/// `+10s` from its beginning, `-10s` from its end.
enum TimeBound: Equatable, ExpressibleByArgument {
  case exactly(WallTime)
  /// Seconds since midnight in this machine's time zone, on the first such moment of the recording.
  case clock(seconds: Int)
  case afterBegin(Duration)
  case beforeEnd(Duration)

  init?(argument: String) {
    if let time = WallTime(rfc3339: argument) {
      self = .exactly(time)
    } else if let seconds = Self.clock(argument) {
      self = .clock(seconds: seconds)
    } else if let sign = argument.first, "+-".contains(sign),
      let length = DurationArgument(argument: String(argument.dropFirst()))
    {
      self = sign == "+" ? .afterBegin(length.duration) : .beforeEnd(length.duration)
    } else {
      return nil
    }
  }

  /// The moment, in a recording that lasts so long.
  func time(in recording: ClosedRange<WallTime>) -> WallTime {
    switch self {
    case .exactly(let time): time
    case .afterBegin(let length): recording.lowerBound.advanced(by: length)
    case .beforeEnd(let length): recording.upperBound.advanced(by: .zero - length)
    case .clock(let seconds):
      recording.lowerBound.next(secondsOfDay: seconds)
    }
  }

  private static func clock(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.count == 2 ? Int($0) : nil }
    guard (2...3).contains(parts.count), numbers.count == parts.count, numbers[0] < 24,
      numbers.dropFirst().allSatisfy({ $0 < 60 }), numbers.allSatisfy({ $0 >= 0 })
    else { return nil }
    return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
  }
}

extension WallTime {
  /// A moment and a while.
  fileprivate func advanced(by duration: Duration) -> WallTime {
    let (seconds, attoseconds) = duration.components
    return WallTime(
      nanoseconds: nanoseconds &+ seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000)
  }

  /// The first moment from the second of this one on at which a clock here shows a time.
  fileprivate func next(secondsOfDay: Int) -> WallTime {
    var start = time_t(nanoseconds / 1_000_000_000)
    var parts = unsafe tm()
    _ = unsafe localtime_r(&start, &parts)
    unsafe parts.tm_hour = Int32(secondsOfDay / 3600)
    unsafe parts.tm_min = Int32(secondsOfDay / 60 % 60)
    unsafe parts.tm_sec = Int32(secondsOfDay % 60)
    unsafe parts.tm_isdst = -1
    var time = unsafe mktime(&parts)
    if time < start {
      // mktime(3) makes the next day of it, also where that is an hour shorter or longer.
      unsafe parts.tm_mday += 1
      unsafe parts.tm_isdst = -1
      time = unsafe mktime(&parts)
    }
    return WallTime(nanoseconds: Int64(time) &* 1_000_000_000)
  }

  /// Reads "2026-11-23T10:24:21.5Z" or "…+01:00" (RFC 3339, section 5.6).
  fileprivate init?(rfc3339 text: String) {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count else { return nil }
      let digits = bytes[range]
      guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
      return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    }
    guard bytes.count >= 20, bytes[4] == 45, bytes[7] == 45,
      [84, 116, 32].contains(bytes[10]), bytes[13] == 58, bytes[16] == 58,
      let year = number(0..<4), let month = number(5..<7), (1...12).contains(month),
      let day = number(8..<10), (1...31).contains(day), let hour = number(11..<13), hour < 24,
      let minute = number(14..<16), minute < 60, let second = number(17..<19), second < 61
    else { return nil }
    var rest = 19
    var fraction = 0
    if bytes[rest] == 46 {
      rest += 1
      let start = rest
      var scale = 100_000_000
      while rest < bytes.count, let digit = number(rest..<rest + 1) {
        fraction += digit * scale
        scale /= 10
        rest += 1
      }
      guard rest > start else { return nil }
    }
    var zone = 0
    switch String(decoding: bytes[rest...], as: UTF8.self) {
    case "Z", "z": break
    case let offset where offset.utf8.count == 6 && "+-".contains(offset.prefix(1)):
      guard let hours = number(rest + 1..<rest + 3), let minutes = number(rest + 4..<rest + 6),
        bytes[rest + 3] == 58, hours < 24, minutes < 60
      else { return nil }
      zone = (hours * 60 + minutes) * (bytes[rest] == 45 ? -60 : 60)
    default: return nil
    }
    var parts = unsafe tm()
    unsafe parts.tm_year = Int32(year - 1900)
    unsafe parts.tm_mon = Int32(month - 1)
    unsafe parts.tm_mday = Int32(day)
    unsafe parts.tm_hour = Int32(hour)
    unsafe parts.tm_min = Int32(minute)
    unsafe parts.tm_sec = Int32(second)
    let seconds = unsafe Int64(timegm(&parts)) - Int64(zone)
    guard abs(seconds) < 9_000_000_000 else { return nil }
    self.init(nanoseconds: seconds * 1_000_000_000 + Int64(fraction))
  }
}
