/// What knowledge has to say to a name or to words.
package enum Answer: Equatable, Sendable {
  case entry(Entry)
  case counter(CounterEntry)
  /// What has all the words, best first.
  case matches([Match])
  /// What fits nothing.
  case nothing

  package struct Match: Equatable, Sendable {
    package var name: String
    package var layer: String
    package var what: String
  }
}

extension Knowledge {
  /// What is known by a name, in any of its spellings, or else what has all the words.
  package func answer(to text: String) throws(KnowledgeError) -> Answer {
    if let name = name(of: text) {
      if let entry = try entry(name) { return .entry(entry) }
      if let counter = try counter(name) { return .counter(counter) }
    }
    let matches = try matches(text)
    return matches.isEmpty ? .nothing : .matches(matches)
  }

  /// The name of the reason or site that somebody means, in any of its spellings; nil if it is none.
  package func dropName(of text: String) -> String? {
    name(of: text).flatMap { places[$0]?.layer == Self.counterLayer ? nil : $0 }
  }

  /// The names of all reasons and sites.
  package var dropNames: [String] {
    places.filter { $0.value.layer != Self.counterLayer }.map(\.key)
  }

  /// The name that somebody means: "SKB_DROP_REASON_NO_SOCKET", "no_socket", "tcp_v4_rcv+0x9e",
  /// "overlimit" of a single subsystem, "UdpRcvbufErrors", "link.eth0.rx_dropped"; nil if it is none.
  func name(of text: String) -> String? {
    if places[text] != nil { return text }
    var wanted = text.lowercased()
    for prefix in ["skb_drop_reason_", "qdisc_drop_", "ovs_drop_", "skb_"] {
      if wanted.hasPrefix(prefix), places[text] == nil {
        wanted.removeFirst(prefix.count)
        break
      }
    }
    if let plus = wanted.firstIndex(of: "+") { wanted = String(wanted[..<plus]) }
    let words = wanted.split(separator: ".")
    if words.count > 2, let first = words.first, let last = words.last {
      wanted = "\(first).\(last)"
    }
    let names = names
    if let name = names.first(where: { $0.lowercased() == wanted }) { return name }
    let tails = names.filter { name in
      name.lowercased().split(whereSeparator: { $0 == "/" || $0 == "." }).last.map(String.init)
        == wanted
    }
    return tails.count == 1 ? tails[0] : nil
  }

  /// Entries that have all of the words somewhere, those first that have them in the name, then in what
  /// happened, then in the causes.
  func matches(_ text: String) throws(KnowledgeError) -> [Answer.Match] {
    let words = text.lowercased().split(whereSeparator: { $0.isWhitespace || $0 == "_" })
      .map(String.init)
    guard !words.isEmpty else { return [] }
    var ranked: [(match: Answer.Match, rank: Int)] = []
    for (name, place) in places {
      // Cheap first: most entries have not got the words at all.
      let all = place.text.lowercased()
      guard words.allSatisfy({ all.contains($0) }) else { continue }
      guard let (match, parts) = try match(name) else { continue }
      let ranks = words.map { word in parts.firstIndex { $0.contains(word) } ?? parts.count }
      ranked.append((match, ranks.reduce(0, +)))
    }
    return ranked.sorted { ($0.rank, $0.match.name) < ($1.rank, $1.match.name) }.map(\.match)
  }

  /// Every name with what it means.
  package func list() throws(KnowledgeError) -> [Answer.Match] {
    var matches: [Answer.Match] = []
    for name in names {
      if let (match, _) = try match(name) { matches.append(match) }
    }
    return matches.sorted { ($0.layer, $0.name) < ($1.layer, $1.name) }
  }

  private func match(_ name: String) throws(KnowledgeError) -> (Answer.Match, parts: [String])? {
    if let entry = try entry(name) {
      return (
        Answer.Match(name: name, layer: entry.layer, what: entry.what),
        [
          name.lowercased().replacing("_", with: " "), entry.what.lowercased(),
          entry.causes.joined(separator: " ").lowercased(),
          entry.fixes.map { "\($0.action) \($0.command ?? "")" }.joined(separator: " ")
            .lowercased(),
        ]
      )
    }
    guard let counter = try counter(name) else { return nil }
    return (
      Answer.Match(name: name, layer: Self.counterLayer, what: counter.what),
      [name.lowercased(), counter.what.lowercased()]
    )
  }
}

extension Knowledge {
  /// The names of the entries whose drops move a counter.
  package func entries(moving counter: String) throws(KnowledgeError) -> [String] {
    var names: [String] = []
    for (name, place) in places where place.layer != Self.counterLayer {
      guard place.text.contains(counter), let entry = try entry(name) else { continue }
      if entry.counters.contains(where: { $0.counter == counter }) { names.append(name) }
    }
    return names.sorted()
  }
}
