/// A filter that cannot be used: one sentence that says of which word, why, and what is like it.
package enum FilterError: Error, Equatable, CustomStringConvertible {
  /// libpcap does not understand an expression, and why.
  case expression(String, reason: String)
  /// The kernel cannot run an expression, and why.
  case kernel(String, reason: String)
  /// Nobody knows such a thing by this name; `near` are some that are like it.
  case unknown(String, String, near: [String], place: String = " here")
  /// An option's value cannot be, and why.
  case invalid(String, String, String)
  /// There are more than can be watched for.
  case tooMany(String, most: Int)

  package var description: String {
    switch self {
    case .expression(let text, let reason):
      "cannot understand the filter '\(text)': \(reason). See man pcap-filter"
    case .kernel(let text, let reason): "the filter '\(text)' cannot run in the kernel: \(reason)"
    case .unknown(let kind, let name, let near, let place):
      "there is no \(kind) '\(name)'\(place)"
        + (near.isEmpty ? "" : ". Near it: \(near.joined(separator: ", "))")
    case .invalid(let option, let value, let reason): "cannot use \(option) \(value): \(reason)"
    case .tooMany(let what, let most): "\(what); there is room for \(most)"
    }
  }
}
