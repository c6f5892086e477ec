/// What a transaction of nf_tables has changed so far, many of a kind as one.
package struct RuleTransaction {
  private var counts: [RuleEvent.Subject: (count: Int, handle: UInt64?)] = [:]
  private var order: [RuleEvent.Subject] = []
  /// How many different subjects are told apart; whoever loads a thousand chains is told of so many.
  private static let limit = 256
  private var untold = 0

  package init() {}

  /// Takes in what a message told; at the end of a transaction, what it came to, one sentence each.
  package mutating func take(_ event: RuleEvent) -> [String] {
    switch event {
    case .change(let subject, let handle):
      if let known = counts[subject] {
        counts[subject] = (known.count + 1, known.handle)
      } else if order.count < Self.limit {
        counts[subject] = (1, handle)
        order.append(subject)
      } else {
        untold += 1
      }
      return []
    case .generation(let process): return end(by: process)
    }
  }

  /// What is left of a transaction whose end nobody saw.
  package mutating func end(by process: String? = nil) -> [String] {
    let author = process.map { " by \($0)" } ?? ""
    var texts = order.compactMap { subject in
      counts[subject].map { subject.text(count: $0.count, handle: $0.handle) + author }
    }
    if untold > 0 { texts.append("nft \(untold) more changes\(author)") }
    self = RuleTransaction()
    return texts
  }
}
