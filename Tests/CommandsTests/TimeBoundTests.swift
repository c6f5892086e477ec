import DropModel
import Testing

@testable import Commands

/// Moments of a recording as they are written on the command line.
struct TimeBoundTests {
  /// 2026-11-23T10:24:21.5Z and a minute later.
  private static let begin = WallTime(nanoseconds: 1_795_429_461_500_000_000)
  private static let end = WallTime(nanoseconds: 1_795_429_521_500_000_000)

  @Test(arguments: [
    ("2026-11-23T10:24:31Z", 1_795_429_471_000_000_000),
    ("2026-11-23T11:24:31.25+01:00", 1_795_429_471_250_000_000),
    ("2026-11-23T04:54:31-05:30", 1_795_429_471_000_000_000),
    ("+10s", 1_795_429_471_500_000_000), ("-10s", 1_795_429_511_500_000_000),
    ("+200ms", 1_795_429_461_700_000_000),
  ])
  func `a moment is what it says`(text: String, nanoseconds: Int64) throws {
    let bound = try #require(TimeBound(argument: text))
    #expect(bound.time(in: Self.begin...Self.end).nanoseconds == nanoseconds)
  }

  @Test func `a time of day is the first one from the beginning on, here`() throws {
    let later = WallTime(nanoseconds: Self.begin.nanoseconds + 20_500_000_000)
    let bound = try #require(TimeBound(argument: later.localClock))
    let moment = bound.time(in: Self.begin...Self.end)
    #expect(moment.nanoseconds == 1_795_429_482_000_000_000)
    let earlier = WallTime(nanoseconds: Self.begin.nanoseconds - 60_000_000_000)
    let next = try #require(TimeBound(argument: earlier.localClock))
    #expect(next.time(in: Self.begin...Self.end) > Self.end)
  }

  @Test(arguments: [
    "", "10", "25:00:00", "10:60", "+", "-", "+10", "2026-11-23", "2026-13-23T10:24:31Z",
    "2026-11-23T10:24:31", "2026-11-23T10:24:31.Z", "2026-11-23T10:24:31+1:00", "-1:00",
  ])
  func `what is no moment is refused`(text: String) {
    #expect(TimeBound(argument: text) == nil)
  }
}
