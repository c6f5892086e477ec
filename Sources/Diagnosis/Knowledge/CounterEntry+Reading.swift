internal import Yams

extension CounterEntry {
  init(name: String, _ node: Node) throws(Fields.Problem) {
    var fields = try Fields(node)
    self.name = name
    what = try fields.text("what")
    guard let station: Station = try fields.choice("station") else {
      throw .init(text: "station is missing")
    }
    self.station = station
    guard let scope: Scope = try fields.choice("per") else { throw .init(text: "per is missing") }
    self.scope = scope
    guard let unit: Entry.CounterEffect.Unit = try fields.choice("unit") else {
      throw .init(text: "unit is missing")
    }
    self.unit = unit
    within = try fields.texts("within")
    switch try fields.optionalText("bad") {
    case nil, "true": isBad = true
    case "false": isBad = false
    case .some(let text): throw .init(text: "bad: \(text) is neither true nor false")
    }
    remainder = try fields.optionalText("remainder")
    retransmissions = try fields.optionalText("retransmissions")
    related = try fields.texts("see")
    try fields.finish()
  }
}
