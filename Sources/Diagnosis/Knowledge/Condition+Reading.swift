internal import Yams

extension Condition {
  init(_ node: Node) throws(Fields.Problem) {
    var fields = try Fields(node)
    sites = try fields.texts("site")
    protocols = try fields.texts("protocol")
    transports = try fields.texts("transport")
    devices = try fields.choices("device")
    destinations = try fields.choices("destination")
    sources = try fields.choices("source")
    flags = try fields.choices("flags")
    payload = try fields.choice("payload")
    for text in try fields.texts("dport") {
      guard let port = UInt16(text) else { throw .init(text: "dport: \(text) is no port") }
      ports.append(port)
    }
    socketStates = try fields.texts("socket")
    flowsAbove = try fields.integer("flows_above")
    repeatsAbove = try fields.integer("repeats_above")
    portsAbove = try fields.integer("ports_above")
    rateBelow = try fields.decimal("rate_below")
    rateAbove = try fields.decimal("rate_above")
    counters = try fields.texts("counter")
    if let node = fields.node("sysctl") {
      var values = try Fields(node)
      for key in node.mapping?.keys.compactMap(\.string) ?? [] {
        sysctls[key] = try values.text(key)
      }
    }
    try fields.finish()
    guard self != Condition() else { throw .init(text: "a condition asks nothing") }
  }
}
