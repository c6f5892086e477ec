package import Bytes
package import DropModel

/// Writes the times of packets, of which many fall into one second: only that is worked out anew.
package struct PacketClock {
  package enum Notation: Sendable {
    /// "10:24:21.123456", in the machine's time zone.
    case clock
    /// "2026-11-23T10:24:21.123456Z" (RFC 3339).
    case rfc3339
  }

  private let notation: Notation
  private var second: Int64 = .min
  private var text = ""

  package init(_ notation: Notation) { self.notation = notation }

  /// Appends a packet's time, exact to the microsecond.
  package mutating func append(
    _ time: MonotonicTime, _ clock: ClockOffset, to buffer: inout TextBuffer
  ) {
    let wall = time.wallTime(clock).nanoseconds
    let (now, rest) = wall.quotientAndRemainder(dividingBy: 1_000_000_000)
    if now != second {
      second = now
      let whole = WallTime(nanoseconds: now &* 1_000_000_000)
      // The fraction and the "Z" are put on below.
      text =
        notation == .clock ? whole.localClock + "." : String(whole.rfc3339.dropLast(7))
    }
    buffer.append(text)
    buffer.append(padded: UInt64(max(rest, 0)) / 1000, digits: 6)
    if notation == .rfc3339 { buffer.append("Z") }
  }
}
