internal import Yams

extension Entry {
  /// Reads an entry strictly: what is misspelt, missing or unknown is an error.
  init(name: String, layer: String, _ node: Node) throws(Fields.Problem) {
    var fields = try Fields(node)
    self.name = name
    self.layer = layer
    what = try fields.text("what")
    guard let station: Station = try fields.choice("station") else {
      throw .init(text: "station is missing")
    }
    self.station = station
    guard let severity: Severity = try fields.choice("severity") else {
      throw .init(text: "severity is missing")
    }
    self.severity = severity
    rules = try fields.list("rules") { (node) throws(Fields.Problem) in try Rule(node) }
    causes = try fields.texts("causes")
    counters = try fields.list("counters") { (node) throws(Fields.Problem) in
      try CounterEffect(node)
    }
    evidence = []
    for text in try fields.texts("evidence") { evidence.append(try EvidenceName(text)) }
    checks = try fields.list("checks") { (node) throws(Fields.Problem) in try Check(node) }
    fixes = try fields.list("fixes") { (node) throws(Fields.Problem) in try Fix(node) }
    if layer == Knowledge.siteLayer {
      functions = [KernelFunction(name: name, file: try fields.text("file"), kernels: nil)]
      reasons = try fields.texts("reasons")
      kernels = nil
    } else {
      functions = try fields.list("where") { (node) throws(Fields.Problem) in
        try KernelFunction(node)
      }
      reasons = []
      kernels = try KernelRange(ofField: try fields.text("kernels"))
    }
    references = try fields.texts("references")
    related = try fields.texts("see")
    try fields.finish()
    guard !causes.isEmpty else { throw .init(text: "causes are missing") }
    guard !checks.isEmpty else { throw .init(text: "checks are missing") }
    guard severity == .benign || !fixes.isEmpty else { throw .init(text: "fixes are missing") }
    guard !functions.isEmpty else { throw .init(text: "where is missing") }
  }
}

extension Entry.Rule {
  init(_ node: Node) throws(Fields.Problem) {
    var fields = try Fields(node)
    guard let condition = fields.node("if") else { throw .init(text: "a rule has no if") }
    self.condition = try Condition(condition)
    guard let severity: Severity = try fields.choice("then") else {
      throw .init(text: "a rule has no then")
    }
    self.severity = severity
    because = try fields.text("because")
    try fields.finish()
  }
}

extension Entry.CounterEffect {
  init(_ node: Node) throws(Fields.Problem) {
    if let text = node.scalar?.string {
      counter = text
    } else {
      var fields = try Fields(node)
      counter = try fields.text("name")
      if let condition = fields.node("if") { self.condition = try Condition(condition) }
      unit = try fields.choice("unit") ?? .packets
      try fields.finish()
      guard condition.isOfKey else {
        throw .init(text: "\(counter): not every drop tells what its condition asks")
      }
    }
    guard counter.split(separator: ".").count == 2 else {
      throw .init(text: "\(counter) is no counter's name")
    }
  }
}

extension Entry.Check {
  init(_ node: Node) throws(Fields.Problem) {
    var fields = try Fields(node)
    command = try fields.text("run")
    shows = try fields.text("shows")
    try fields.finish()
  }
}

extension Entry.Fix {
  init(_ node: Node) throws(Fields.Problem) {
    var fields = try Fields(node)
    action = try fields.text("do")
    command = try fields.optionalText("run")
    undo = try fields.optionalText("undo")
    risk = try fields.text("risk")
    try fields.finish()
  }
}

extension Entry.KernelFunction {
  init(_ node: Node) throws(Fields.Problem) {
    var fields = try Fields(node)
    name = try fields.text("function")
    file = try fields.text("file")
    kernels = nil
    if let text = try fields.optionalText("kernels") { kernels = try KernelRange(ofField: text) }
    try fields.finish()
  }
}

extension KernelRange {
  fileprivate init(ofField text: String) throws(Fields.Problem) {
    guard let range = Self(text) else { throw .init(text: "kernels: \(text) is no range") }
    self = range
  }
}

extension EvidenceName {
  fileprivate init(_ text: String) throws(Fields.Problem) {
    if let subject = Subject(rawValue: text) {
      self = .subject(subject)
      return
    }
    let words = text.split(separator: " ")
    guard words.count == 2, words[0] == "sysctl", words[1].contains(".") else {
      throw .init(text: "evidence: \(text) is no live value")
    }
    self = .sysctl(String(words[1]))
  }
}
