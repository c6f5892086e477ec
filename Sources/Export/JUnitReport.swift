package import Bytes
package import Diagnosis
internal import DropModel

extension TextBuffer {
  /// The answer of `dropwatch check` as servers of continuous integration read it: a suite with a case
  /// for each limit, and one for the command.
  ///
  /// The format has no standard of its own; these are the elements of Apache Ant's JUnit task that all
  /// readers know.
  package mutating func append(junit check: LimitCheck) {
    let failures =
      check.results.count { $0.outcome == .exceeded }
      + (check.command?.hasFailed == true ? 1 : 0)
    let errors = check.results.count { $0.outcome == .unknown }
    let tests = check.results.count + (check.command == nil ? 0 : 1)
    var time = TextBuffer(capacity: 32)
    time.append(decimal: check.duration.seconds, digits: 3)
    append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    append("<testsuites>\n  <testsuite name=\"dropwatch check\" tests=\"\(tests)\"")
    append(" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\" time=\"\(time.text)\"")
    append(" timestamp=\"\(check.session.started.rfc3339.prefix(19))\"")
    append(" hostname=\"\(xml(check.session.host))\">\n")
    for result in check.results {
      let problem: String? =
        switch result.outcome {
        case .kept: nil
        case .exceeded: "failure"
        case .unknown: "error"
        }
      append(
        case: "\(result.limit.title) at most \(result.limit.most)", problem, result.text,
        result.places)
    }
    if let command = check.command {
      append(
        case: command.words.joined(separator: " "), command.hasFailed ? "failure" : nil,
        command.ending, [])
    }
    append("  </testsuite>\n</testsuites>\n")
  }

  private mutating func append(
    case name: String, _ problem: String?, _ message: String, _ lines: [String]
  ) {
    append("    <testcase classname=\"dropwatch\" name=\"\(xml(name))\"")
    guard let problem else { return append("/>\n") }
    append(">\n      <\(problem) message=\"\(xml(message))\">")
    append(xml(lines.joined(separator: "\n")))
    append("</\(problem)>\n    </testcase>\n")
  }
}

/// A text as XML has it; characters that XML 1.0 cannot have become U+FFFD.
private func xml(_ text: String) -> String {
  var escaped = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    case "\n": escaped += "&#10;"
    case "\t": escaped += "&#9;"
    case _ where scalar.value < 0x20 || scalar.value & 0xFFFE == 0xFFFE: escaped += "\u{FFFD}"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}
