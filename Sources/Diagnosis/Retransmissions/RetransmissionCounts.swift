package import DropModel

/// Segments that were sent again, by what they follow from.
package struct RetransmissionCounts: Equatable, Sendable {
  private var segments: [Retransmission.Match: UInt64] = [:]

  package init() {}

  /// How many follow from this.
  package subscript(match: Retransmission.Match) -> UInt64 {
    get { segments[match] ?? 0 }
    set { segments[match] = newValue == 0 ? nil : newValue }
  }

  /// All of them: what the kernel's counter TcpRetransSegs grew by.
  package var total: UInt64 { segments.values.reduce(0, +) }

  package static func += (sum: inout Self, other: Self) {
    for (match, count) in other.segments { sum[match] += count }
  }
}
