/// What an alert is: the argument of `set alertmode`.
enum AlertMode: String, CaseIterable {
  /// A line for each site that dropped in the last second.
  case summary
  /// A block of lines for each dropped packet.
  case packet

  /// As `show` writes it.
  var title: String {
    switch self {
    case .summary: "Summary"
    case .packet: "Packet"
    }
  }
}
