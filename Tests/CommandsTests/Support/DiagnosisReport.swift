import DropLab

/// What `dropwatch diagnose --json` said, as far as tests look at it.
struct DiagnosisReport {
  /// Drops that have one explanation, in one namespace.
  struct Finding {
    let name: String
    let severity: String
    /// Why a rule judged so; empty if none did.
    let because: String
    let drops: Int
    /// How many causes its entry names; zero if nothing is known of it.
    let causes: Int
    /// The namespace's inode, nil where the drop does not tell it.
    let namespace: UInt64?
    var evidence: [(name: String, value: String)] = []
    var fixes: [Fix] = []
  }

  /// A fix that is a command, and what takes it back.
  struct Fix: Equatable {
    let run: String
    let undo: String?
  }

  /// A counter of the kernel's and who moved it.
  struct Counter {
    let name: String
    let namespace: UInt64?
    let change: Int
    let explained: Int
    let remainder: Int
    let excess: Int
    /// What the remainder means; empty if there is none.
    let meaning: String
  }

  private(set) var verdict = ""
  private(set) var findings: [Finding] = []
  private(set) var counters: [Counter] = []
  private(set) var blindSpots: [String] = []

  /// Reads the program's lines; throws if none is a diagnosis.
  init(_ lines: String) throws {
    let rows = try Command.run(["/usr/bin/python3", "-c", Self.script], input: lines)
    for row in rows.split(separator: "\n") {
      let words = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let last = findings.count - 1
      switch (words[0], words.count) {
      case ("verdict", 2): verdict = words[1]
      case ("blind", 2): blindSpots.append(words[1])
      case ("finding", 7):
        findings.append(
          Finding(
            name: words[1], severity: words[2], because: words[3], drops: Int(words[4]) ?? 0,
            causes: Int(words[5]) ?? 0, namespace: UInt64(words[6])))
      case ("evidence", 3): findings[last].evidence.append((words[1], words[2]))
      case ("fix", 3):
        findings[last].fixes.append(Fix(run: words[1], undo: words[2].isEmpty ? nil : words[2]))
      case ("counter", 8):
        counters.append(
          Counter(
            name: words[1], namespace: UInt64(words[2]), change: Int(words[3]) ?? 0,
            explained: Int(words[4]) ?? 0, remainder: Int(words[5]) ?? 0,
            excess: Int(words[6]) ?? 0, meaning: words[7]))
      default: throw LabError("not a row of a diagnosis: \(row)")
      }
    }
  }

  /// The findings of a name in a namespace: one for each judgement.
  func findings(_ name: String, in namespace: LabNamespace?) -> [Finding] {
    findings.filter { $0.name == name && $0.namespace == namespace?.inode }
  }

  /// All drops of a name in a namespace.
  func drops(_ name: String, in namespace: LabNamespace?) -> Int {
    findings(name, in: namespace).reduce(0) { $0 + $1.drops }
  }

  /// A counter of a namespace, all its instances together if only one is there.
  func counter(_ name: String, in namespace: LabNamespace) -> Counter? {
    counters.first { $0.name == name && $0.namespace == namespace.inode }
  }

  /// A row for each thing, its fields parted by tabs, so that nothing here needs to read JSON.
  private static let script = """
    import json, sys
    def row(*fields):
        print("\\t".join("" if f is None else str(f).replace("\\t", " ") for f in fields))
    d = [json.loads(l) for l in sys.stdin if '"type":"diagnosis"' in l][0]
    row("verdict", d["verdict"])
    for b in d["blind"]: row("blind", b)
    for f in d["findings"]:
        row("finding", f["name"], f["severity"], f.get("because"), f["drops"], len(f["causes"]),
            f.get("netns", {}).get("inode"))
        for e in f["evidence"]: row("evidence", e["name"], e["value"])
        for x in f["fixes"]:
            if x.get("run"): row("fix", x["run"], x.get("undo"))
    for c in d.get("counters", []):
        row("counter", c["name"], c.get("netns"), c["change"], c["explained"], c["remainder"],
            c["excess"], c.get("meaning"))
    """
}
