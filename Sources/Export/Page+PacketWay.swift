internal import Bytes
internal import Diagnosis

extension PacketWay {
  /// The picture: a line for each station from the wire to the program and back, with the number of
  /// drops, what they were, and the counters that moved.
  ///
  /// Stations that few machines have are left out while nothing happens there.
  var picture: [String] {
    var lines = ["  " + Self.column("from the wire", Self.nameWidth) + "    drops"]
    for stop in stops where !stop.isQuiet || !stop.station.isRare {
      if stop.station == .neighbour {
        lines.append("  " + Self.column("from the programs, or passed on", Self.nameWidth))
      }
      let isEnd = stop.station == .socket || stop.station == .transmit
      let stem = stop.station == .host ? " " : isEnd ? "▼" : "│"
      let name = Self.column(stop.station.title, Self.nameWidth - 2)
      let number = stop.drops > 0 ? grouped(stop.drops) : stop.isQuiet ? "·" : "-"
      let padding = String(repeating: " ", count: max(0, 9 - number.count))
      let texts = Self.wrapped(stop.words)
      lines.append(
        "  \(stem) \(name)\(padding)\(number)" + (texts.first.map { "  \($0)" } ?? ""))
      let indent = Self.column("", Self.nameWidth + 9)
      lines += texts.dropFirst().map { "  \(isEnd ? " " : stem)\(indent.dropFirst())  \($0)" }
    }
    if unplaced > 0 {
      lines.append("  and \(grouped(unplaced)) drops of which nobody knows where they belong")
    }
    return lines
  }

  private static let nameWidth = 31
  /// What remains of 100 columns.
  private static let textWidth = 55

  private static func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Parts of a list, as many in a line as fit.
  private static func wrapped(_ parts: [String]) -> [String] {
    var lines: [String] = []
    for (index, part) in parts.enumerated() {
      let part = index < parts.count - 1 ? part + "," : part
      if let last = lines.last, last.count + part.count < textWidth {
        lines[lines.count - 1] = "\(last) \(part)"
      } else {
        lines.append(part)
      }
    }
    return lines
  }
}

extension PacketWay.Stop {
  /// "495 SOCKET_RCVBUFF", "UdpRcvbufErrors +495", "rx_dropped +54 (14 not seen as drops)".
  fileprivate var words: [String] {
    let causes = causes.prefix(3).map { cause in
      self.causes.count == 1 ? cause.name : "\(grouped(cause.count)) \(cause.name)"
    }
    let counters = counters.prefix(4).map { counter in
      "\(counter.title) +\(grouped(counter.change))"
        + (counter.remainder > 0 ? " (\(grouped(counter.remainder)) not seen as drops)" : "")
    }
    let hidden = max(0, self.causes.count - 3) + max(0, self.counters.count - 4)
    return causes + counters + (hidden > 0 ? ["\(hidden) more"] : [])
  }
}

extension PacketWay.Counter {
  /// The field, which is how people know it.
  fileprivate var title: String {
    guard kind.hasPrefix("netstat.") || kind.hasPrefix("link.") else { return kind }
    return String(kind[kind.index(after: kind.firstIndex(of: ".") ?? kind.startIndex)...])
  }
}

extension Station {
  /// Whether most machines have nothing of it.
  fileprivate var isRare: Bool {
    switch self {
    case .wireless, .fragments, .tunnel, .ipsec, .host: true
    default: false
    }
  }
}
