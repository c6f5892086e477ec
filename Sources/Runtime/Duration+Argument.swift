internal import ArgumentParser

/// A length of time as written on the command line: `200ms`, `1s`, `5m`, `2h`.
package struct DurationArgument: ExpressibleByArgument, Equatable, CustomStringConvertible {
  package let duration: Duration
  package let description: String

  /// The default of `--interval`.
  package static let tenSeconds = DurationArgument(duration: .seconds(10), description: "10s")
  package static let second = DurationArgument(duration: .seconds(1), description: "1s")

  private init(duration: Duration, description: String) {
    self.duration = duration
    self.description = description
  }

  package init?(argument: String) {
    let digits = argument.prefix { $0.isNumber || $0 == "." }
    guard let value = Double(digits), value > 0, value.isFinite else { return nil }
    let unit: Double
    switch argument.dropFirst(digits.count) {
    case "us": unit = 1e-6
    case "ms": unit = 1e-3
    case "s": unit = 1
    case "m": unit = 60
    case "h": unit = 3600
    default: return nil
    }
    // Longer than a century is a typing error, and shorter than a millisecond is not an interval.
    guard (1e-3...3e9).contains(value * unit) else { return nil }
    duration = .nanoseconds(Int64(value * unit * 1e9))
    description = argument
  }
}
