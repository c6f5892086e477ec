/// A filter that cannot be used.
package enum FilterError: Error, Equatable, CustomStringConvertible {
  /// libpcap does not understand an expression, and why.
  case expression(String, reason: String)
  /// The kernel cannot run an expression, and why.
  case kernel(String, reason: String)

  package var description: String {
    switch self {
    case .expression(let text, let reason):
      "cannot understand the filter '\(text)': \(reason). See man pcap-filter"
    case .kernel(let text, let reason): "the filter '\(text)' cannot run in the kernel: \(reason)"
    }
  }
}
