/// What the original's lines say, read back from what the program wrote.
struct Transcript {
  let lines: [String]

  init(_ text: String) {
    // A terminal's "\r\n" is one character.
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(String.init)
  }

  /// The summary lines.
  var sites: [String] { lines.filter { $0.hasSuffix("[software]") } }

  /// All drops of the summary lines.
  var drops: Int { sites.reduce(0) { $0 + (Int($1.prefix { $0 != " " }) ?? 0) } }

  /// How many packet blocks have this length on the wire.
  func packets(of length: Int) -> Int { lines.count { $0 == "original length: \(length)" } }

  /// How many packet blocks there are.
  var packets: Int { lines.count { $0.hasPrefix("drop at: ") } }

  /// The numbers of the last account line by their names: "seen", "tallied", "lost", "missed", ….
  var account: [String: Int] {
    guard let line = lines.last(where: { $0.hasPrefix("seen ") }) else { return [:] }
    let words = line.split { " =+;".contains($0) }
    var account: [String: Int] = [:]
    for (name, value) in zip(words, words.dropFirst()) {
      account[String(name)] = Int(value.filter { $0 != "," })
    }
    return account
  }
}
