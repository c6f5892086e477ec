internal import Bytes
internal import Diagnosis
internal import DropModel
internal import HostState
internal import Netlink
internal import Programs

extension Evidence {
  /// The rules and policies of nftables that may have dropped these packets, likeliest first; of
  /// iptables-legacy only that it has some.
  static func rules(of finding: Finding, on host: HostWindow) -> [Evidence] {
    guard let namespace = finding.namespace?.inode, let path = host.path(of: namespace),
      let entry = finding.entry
    else { return [] }
    let isNetfilter = entry.name == "NETFILTER_DROP" || entry.station == .netfilter
    // Of other reasons rules may be causes in other ways, which nobody can read off them.
    guard isNetfilter || entry.isSite else { return [] }
    // From 6.7 on a packet is freed where nftables decides, and anything else elsewhere.
    let isSure = finding.kinds.allSatisfy { $0.drop.site?.function == "nft_do_chain" }
    let legacy = isSure ? [] : legacyTables(at: path)
    let moved = host.rules.moved(in: namespace)
    switch host.rules.ruleset(of: namespace, at: path) {
    case .failure(let failure):
      return isNetfilter ? [unknown(failure, moved)] + legacy : legacy
    case .success(let ruleset):
      let suspicion = ruleset.suspicion(
        of: finding.firewallPackets(isLocal: locality(at: path)), drops: finding.counts.drops,
        moved: moved)
      let suspects = suspicion.suspects.filter {
        isNetfilter || $0.isCertain || $0.moved ?? 0 > 0
      }
      guard !suspects.isEmpty else { return isNetfilter ? [none(ruleset)] + legacy : [] }
      var evidence = suspects.prefix(3).map { suspect -> Evidence in
        let words = suspect.name.handle.flatMap { _ in
          host.rules.text(of: suspect.name, in: namespace, at: path)
        }
        return Evidence(name: "nft rule", value: suspect.text(words))
      }
      if suspicion.clarity != .none { evidence[0].placeholders = suspects[0].name.placeholders }
      if isNetfilter { evidence[0].confidence = suspicion.confidence(isSure: isSure) }
      return evidence + legacy
    }
  }

  private static func unknown(
    _ failure: ProgramOutput.Failure, _ moved: [RuleName: UInt64]
  ) -> Evidence {
    var sentence = "\(failure)"
    if case .notInstalled = failure { sentence += ": install the package nftables" }
    let rules = moved.filter { $0.value > 0 }.sorted { $0.value > $1.value }.prefix(3)
    if !rules.isEmpty {
      sentence +=
        "; counters that moved: "
        + rules.map { "\($0.key) by \(grouped($0.value))" }.joined(separator: ", ")
    }
    return Evidence(name: "nft rule", value: sentence, isKnown: false)
  }

  private static func none(_ ruleset: Ruleset) -> Evidence {
    let count = ruleset.chains.reduce(0) { $0 + $1.rules.count }
    var evidence = Evidence(
      name: "nft rule",
      value: ruleset.chains.isEmpty
        ? "none: nftables has no rules in this namespace"
        : "none of \(grouped(UInt64(count))) rules, and no policy, drops what was seen")
    evidence.confidence = Evidence.Confidence(
      level: .medium,
      because: "the kernel names the reason, but no rule of nftables explains it")
    return evidence
  }

  /// iptables-legacy's tables, which nft does not show.
  private static func legacyTables(at path: String) -> [Evidence] {
    let enter = { (code: Int32) in FileError(.open, path: path, code: code) }
    let text = try? inNamespace(path, enter) { () throws(FileError) in
      ["ip_tables_names", "ip6_tables_names"].map { name -> String in
        let bytes = (try? [UInt8](contentsOfFile: "/proc/thread-self/net/" + name)) ?? []
        return bytes.span.text
      }
    }
    return zip(["iptables-legacy", "ip6tables-legacy"], text ?? []).compactMap { name, tables in
      let tables = tables.split(separator: "\n").joined(separator: ", ")
      return tables.isEmpty
        ? nil : Evidence(name: name, value: "has tables: \(tables); \(name)-save -c shows them")
    }
  }

  /// Tells whether an address is the namespace's own.
  private static func locality(at path: String) -> (IPAddress) -> Bool? {
    guard let socket = try? KernelSocket(.route, in: path),
      let own = try? InterfaceAddress.all(over: NetlinkConnection(socket))
    else { return { _ in nil } }
    return { address in
      if own.contains(where: { $0.address == address }) { return true }
      let isBroadcast = own.contains { network in
        !address.isIPv6 && !network.address.isIPv6 && network.prefixLength < 31
          && address.low == network.address.low | 0xFFFF_FFFF >> UInt64(network.prefixLength)
      }
      return address.isLocalAnywhere || isBroadcast ? nil : false
    }
  }
}

extension RuleSuspect {
  /// "inet filter input handle 7: tcp dport 22 drop".
  ///
  /// `words` are nft's.
  fileprivate func text(_ words: String?) -> String {
    guard name.handle != nil else { return "\(name): policy drop" }
    let rule = words.map { ": " + shortened($0) } ?? ""
    let count = moved.map { "; its counter moved by \(grouped($0))" } ?? ""
    return "\(name)\(rule)\(count)"
  }

  /// Sets may have thousands of elements.
  private func shortened(_ text: String) -> String {
    text.count > 300 ? "\(text.prefix(200)) … \(text.suffix(60))" : text
  }
}

extension RuleName {
  fileprivate var placeholders: [Placeholder: String] {
    guard isPlain else { return [:] }
    var values: [Placeholder: String] = [.family: family, .table: table, .chain: chain]
    values[.handle] = handle.map { String($0) }
    return values
  }
}

extension RuleSuspicion {
  /// How sure it is that one rule did it; `isSure` is whether nftables dropped the packets at all.
  fileprivate func confidence(isSure: Bool) -> Evidence.Confidence {
    switch clarity {
    case .proven where isSure || suspects[0].moved ?? 0 > 0:
      Evidence.Confidence(
        level: .high, because: "the kernel names the reason, and only one rule explains it")
    case .proven, .likely:
      Evidence.Confidence(
        level: .medium,
        because: "the kernel names the reason, and one rule explains it best; others may, too")
    case .none:
      Evidence.Confidence(
        level: .medium,
        because: "the kernel names the reason, but several rules may have dropped them")
    }
  }
}
