internal import Bytes

extension DropLimit {
  /// "NO_SOCKET", "all drops".
  package var title: String { name ?? "all drops" }
}

extension LimitCheck.Result {
  /// "NO_SOCKET: 25 drops, at most 0 are allowed".
  package var text: String {
    let drops = drops == 1 ? "1 drop" : "\(grouped(drops)) drops"
    let text = "\(limit.title): \(drops), at most \(grouped(limit.most)) allowed"
    guard outcome == .unknown else { return text }
    return untold == .max
      ? "\(text), but the watching was ended by somebody else"
      : "\(text), but of \(grouped(untold)) drops nobody can tell whether they belong here"
  }
}

extension LimitCheck {
  /// What it came to in one sentence.
  package var verdict: String {
    let exceeded = results.filter { $0.outcome == .exceeded }
    if let first = exceeded.first {
      return exceeded.count == 1
        ? "Failed: \(first.text)." : "Failed: \(exceeded.count) limits are exceeded."
    }
    if let unknown = results.first(where: { $0.outcome == .unknown }) {
      return "Failed, for nobody can tell: \(unknown.text)."
    }
    if let command, command.hasFailed { return "Failed: \(command.ending)." }
    return results.count == 1 ? "Passed: \(results[0].text)." : "Passed: all limits were kept."
  }
}
