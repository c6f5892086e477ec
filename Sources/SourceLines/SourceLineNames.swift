package import DropModel

/// Names with the source lines of sites, around whoever gives the names.
package final class SourceLineNames: DropNames {
  private let names: any DropNames
  /// nil if there is no debug information for these names' kernel.
  private let lines: SourceLines?
  /// The file that a function is known to be in without debug information.
  private let file: (_ function: String, DropReason?) -> String?
  private var files: [Question: String?] = [:]
  /// Notes in the order in which they came, and how many of them are whose.
  private var allNotes: [String] = []
  private var taken = (names: 0, lines: 0)

  private struct Question: Hashable {
    let function: String
    let reason: DropReason?
  }

  package init(
    _ names: any DropNames, _ lines: SourceLines?,
    otherwise file: @escaping (_ function: String, DropReason?) -> String?
  ) {
    self.names = names
    self.lines = lines
    self.file = file
  }

  package var notes: [String] {
    let new = (names: names.notes[taken.names...], lines: (lines?.notes ?? [])[taken.lines...])
    taken.names += new.names.count
    taken.lines += new.lines.count
    allNotes += new.names + new.lines
    return allNotes
  }

  package func learn(_ batch: DropBatch) { names.learn(batch) }

  package func refresh() { names.refresh() }

  package func drop(for key: DropKey) -> Drop {
    var drop = names.drop(for: key)
    drop.site = drop.site.map { placed($0, drop.reason) }
    return drop
  }

  package func site(of key: DropKey) -> DropSite? {
    names.site(of: key).map { placed($0, names.reason(key.reason)) }
  }

  package func site(at address: UInt64) -> DropSite { placed(names.site(at: address), nil) }

  package func reason(_ number: UInt32) -> DropReason? { names.reason(number) }

  package func owner(of socket: SocketOwner) -> Owner { names.owner(of: socket) }

  package func listener(
    transport: UInt8, port: UInt16, address: IPAddress, namespace: UInt32
  ) -> Owner? {
    names.listener(transport: transport, port: port, address: address, namespace: namespace)
  }

  private func placed(_ site: DropSite, _ reason: DropReason?) -> DropSite {
    guard let function = site.symbol else { return site }
    var site = site
    site.frames = lines?.frames(at: site) ?? []
    site.source = site.frames.first { !$0.isDetour && $0.line != nil } ?? site.frames.first
    guard site.source == nil else { return site }
    let question = Question(function: function, reason: reason)
    let known = files[question] ?? file(function, reason)
    files[question] = .some(known)
    site.source = known.map { SourceLine(file: $0, line: nil, function: function) }
    return site
  }
}

extension SourceLine {
  /// Whether it says nothing about why: what stands in headers, as kfree_skb() itself, and TCP's own
  /// function around it (net/ipv4/tcp_input.c), are inlined wherever packets are dropped.
  fileprivate var isDetour: Bool { isInHeader || function.hasPrefix("tcp_drop") }
}
