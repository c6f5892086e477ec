extension Condition {
  /// In words: "protocol ipv6, device veth".
  package var text: String {
    var parts: [String] = []
    func add(_ name: String, _ values: [String]) {
      if !values.isEmpty { parts.append("\(name) \(values.joined(separator: " or "))") }
    }
    add("in", sites)
    add("protocol", protocols)
    add("transport", transports)
    add("device", devices.map(\.rawValue))
    add("destination", destinations.map(\.rawValue))
    add("source", sources.map(\.rawValue))
    add("flags", flags.map(\.rawValue))
    if let payload { parts.append(payload == .none ? "no payload" : "payload") }
    add("destination port", ports.map(String.init))
    add("socket state", socketStates)
    if let flowsAbove { parts.append("more than \(flowsAbove) flows") }
    if let repeatsAbove { parts.append("a flow more than \(repeatsAbove) times") }
    if let portsAbove { parts.append("one source, more than \(portsAbove) ports") }
    if let rateBelow { parts.append("less than \(decimal(rateBelow))/s") }
    if let rateAbove { parts.append("more than \(decimal(rateAbove))/s") }
    add("while", counters.map { "\($0) moves" })
    for (name, value) in sysctls.sorted(by: { $0.key < $1.key }) {
      parts.append("\(name) = \(value)")
    }
    return parts.joined(separator: ", ")
  }

  private func decimal(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : "\(value)"
  }
}

extension Entry.CounterEffect {
  /// "netstat.UdpRcvbufErrors, by segments (protocol ipv4, transport udp)".
  package var text: String {
    counter + (unit == .packets ? "" : ", by \(unit.rawValue)")
      + (condition == Condition() ? "" : " (\(condition.text))")
  }
}

extension KernelRange {
  /// "since 5.17", "6.1 to 6.13".
  package var text: String { last.map { "\(first) to \($0)" } ?? "since \(first)" }
}
