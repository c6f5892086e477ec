/// Those of the names that somebody may have meant, the nearest first, five at most.
///
/// Near is what contains the text or is contained in it, whatever its case, or differs from it in a
/// third of its letters at most.
package func nearNames(to text: String, among names: [String]) -> [String] {
  let wanted = Array(text.lowercased().utf8)
  guard !wanted.isEmpty else { return [] }
  let ranked = names.compactMap { name -> (name: String, distance: Int)? in
    let candidate = Array(name.lowercased().utf8)
    if contains(candidate, wanted) || candidate.count > 3 && contains(wanted, candidate) {
      return (name, 0)
    }
    let limit = max(1, wanted.count / 3)
    guard abs(candidate.count - wanted.count) <= limit else { return nil }
    let distance = editDistance(wanted, candidate)
    return distance <= limit ? (name, distance) : nil
  }
  return ranked.sorted {
    ($0.distance, $0.name.count, $0.name) < ($1.distance, $1.name.count, $1.name)
  }
  .prefix(5).map(\.name)
}

private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
  guard bytes.count >= part.count else { return false }
  return (0...bytes.count - part.count).contains { bytes[$0..<$0 + part.count].elementsEqual(part) }
}

/// How many letters must be changed, put in or left out (Levenshtein).
private func editDistance(_ one: [UInt8], _ other: [UInt8]) -> Int {
  var row = Array(0...other.count)
  for (line, letter) in one.enumerated() {
    var diagonal = row[0]
    row[0] = line + 1
    for (column, candidate) in other.enumerated() {
      let replaced = diagonal + (letter == candidate ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
    }
  }
  return row[other.count]
}
