extension RuleName {
  /// A rule as nft(8) writes it, out of what `nft -a list chain` says; nil if it is not there.
  package func text(in listing: String) -> String? {
    var rule = ""
    for line in listing.split(separator: "\n") {
      let words = line.trimmed
      // A chain begins with lines of its own.
      if ["table ", "chain ", "type ", "comment "].contains(where: { words.hasPrefix($0) })
        || words == "}"
      {
        rule = ""
        continue
      }
      // A long set goes on in the next line.
      rule += (rule.isEmpty ? "" : " ") + words
      guard let mark = words.ranges(of: " # handle ").last,
        let found = UInt64(words[mark.upperBound...])
      else { continue }
      if found == handle { return String(rule.dropLast(words[mark.lowerBound...].count)) }
      rule = ""
    }
    return nil
  }
}

extension Substring {
  /// Without white space at both ends.
  fileprivate var trimmed: Substring {
    let rest = drop { $0.isWhitespace }
    guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return rest[...last]
  }
}
