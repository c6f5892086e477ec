import DropLab

/// Prints every case with its expectations.
func printList() {
  for provocation in Provocation.all {
    emit("\(provocation.name): \(provocation.summary)")
    for expected in provocation.expectations { emit("    \(describe(expected))") }
  }
}

/// One expectation as a line: reason, count, sites, where, what.
func describe(_ expected: Expectation) -> String {
  let place = "\(expected.role?.rawValue ?? "-")/\(expected.device ?? "-")"
  let packet = "\(expected.ethertype ?? "-")/\(expected.transport ?? "-")"
  let sites = expected.sites.sorted().joined(separator: "|")
  let segments = expected.segments == expected.count ? "" : " (\(expected.segments) segments)"
  return "\(expected.reason) x\(expected.count)\(segments) at \(sites) in \(place) \(packet)"
}
