import DropLab

/// Runs cases and prints what was promised against what tracefs saw; false if anything differs.
func run(_ arguments: [String]) throws -> Bool {
  let options = try RunOptions(arguments)
  let (names, rounds) = (options.names, options.rounds)
  let all = names == ["all"]
  let cases =
    try all
    ? Provocation.all
    : names.map { name in
      guard let provocation = Provocation.named(name) else {
        throw LabError("no case is named \(name); see droplab list")
      }
      return provocation
    }
  let truth = try TracefsTruth()
  var failures = 0
  let clock = ContinuousClock()
  for round in 1...rounds {
    for provocation in cases {
      var outcome = "FAIL"
      var details: [String] = []
      let took = clock.measure {
        do {
          let verdict = try provocation.verify(with: truth) { lab in
            if options.steps { step(provocation, lab) }
          }
          if verdict.isExact { outcome = "ok" }
          details = describe(verdict)
        } catch {
          details = ["\(error)"]
        }
      }
      if outcome != "ok" { failures += 1 }
      guard outcome != "ok" || round == 1 else { continue }
      let milliseconds = took.components.attoseconds / 1_000_000_000_000_000
      emit("\(outcome)\t\(provocation.name)\t\(took.components.seconds * 1000 + milliseconds) ms")
      for line in details { emit("\t\(line)") }
    }
  }
  emit("\(cases.count) cases, \(rounds) rounds, \(failures) failures")
  return failures == 0
}

/// A verdict's lines: what was promised, how much came, and what nobody promised.
private func describe(_ verdict: Verdict) -> [String] {
  var lines = verdict.lines.map { "\(describe($0.expected)): \($0.seen) seen" }
  lines += verdict.unexpected.map { "unexpected: \($0.key) x\($0.value)" }.sorted()
  lines += verdict.background.map { "in the background: \($0.key) x\($0.value)" }.sorted()
  if verdict.overrun > 0 { lines.append("the trace buffer lost \(verdict.overrun) events") }
  return lines
}

/// Says which namespaces there are, and waits for a line, so that another monitor can attach.
private func step(_ provocation: Provocation, _ lab: Lab) {
  let places = lab.namespaces.map { "\($0.role.rawValue)=\($0.name)=\($0.inode)" }
  emit("armed\t\(provocation.name)\t\(places.joined(separator: " "))")
  _ = readLine()
}
