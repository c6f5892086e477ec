import DropLab
import Glibc
import Testing

/// Fixes that a diagnosis names, run as they stand, on faults whose traffic is sent before and after.
@Suite(.serialized, .enabled(if: geteuid() == 0, "BPF and namespaces need root"))
struct FixTests {
  @Test(arguments: FixCase.all)
  func `the fix ends the drops, and its undoing brings them back`(fix: FixCase) throws {
    let trial = try #require(try Self.trials.get()[fix.description])
    #expect(trial.before > 0, "instead: \(trial.others)")
    #expect(trial.fixes.count == fix.fixes.count, "offered: \(trial.offered)")
    #expect(trial.fixes.allSatisfy { !$0.run.contains("{") }, "\(trial.fixes)")
    #expect(trial.problems.isEmpty)
    #expect(trial.between == 0, "\(trial.fixes)")
    if trial.isUndone { #expect(trial.after > 0, "\(trial.fixes)") }
  }

  /// What became of a case.
  private struct Trial {
    /// Drops with the fault, with the fix, and with the fix undone.
    var before = 0
    var between = 0
    var after = 0
    /// Whatever else dropped there at first.
    var others: Set<String> = []
    var offered: [DiagnosisReport.Fix] = []
    var fixes: [DiagnosisReport.Fix] = []
    /// What commands that failed said.
    var problems: [String] = []

    var isUndone: Bool { fixes.contains { $0.undo != nil } }

    mutating func apply() { perform(fixes.map(\.run)) }

    mutating func undo() { perform(fixes.reversed().compactMap(\.undo)) }

    /// Runs commands as somebody does who copies them into a root shell.
    private mutating func perform(_ commands: [String]) {
      for command in commands {
        do { try Command.run(["/bin/sh", "-c", command]) } catch { problems.append("\(error)") }
      }
    }
  }

  /// All cases together, since three looks serve all of them as well as one.
  private static let trials = Result { try tryAll() }

  private static func tryAll() throws -> [String: Trial] {
    let labs = try FixCase.all.map { _ in try Lab() }
    defer { for lab in labs { lab.close() } }
    let faults = try zip(FixCase.all, labs).map { fix, lab in
      (fix, lab, try fix.prepare(lab))
    }
    /// How often each case dropped in one round of traffic.
    func round() throws -> (report: DiagnosisReport, drops: [Int]) {
      let report = try DiagnosisRun { for (_, _, send) in faults { try send() } }.report
      return (
        report,
        faults.map { fix, lab, _ in report.drops(fix.finding, in: lab.namespace(fix.role)) }
      )
    }
    var trials = faults.map { _ in Trial() }
    let first = try round()
    for (index, (fix, lab, _)) in faults.enumerated() {
      let namespace = lab.namespace(fix.role)
      let offered = first.report.findings(fix.finding, in: namespace).flatMap(\.fixes)
      trials[index].before = first.drops[index]
      trials[index].others = Set(
        first.report.findings.filter { $0.namespace == namespace?.inode }.map(\.name))
      trials[index].offered = offered
      trials[index].fixes = fix.fixes.compactMap { words in
        offered.first { $0.run.contains(words) }
      }
    }
    // Some hold for the whole machine, which must not keep them if a look fails.
    var areApplied = true
    defer { if areApplied { for index in trials.indices { trials[index].undo() } } }
    for index in trials.indices { trials[index].apply() }
    for (index, drops) in try round().drops.enumerated() { trials[index].between = drops }
    for index in trials.indices { trials[index].undo() }
    areApplied = false
    for (index, drops) in try round().drops.enumerated() { trials[index].after = drops }
    return Dictionary(uniqueKeysWithValues: zip(FixCase.all.map(\.description), trials))
  }
}
