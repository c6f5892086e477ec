internal import Bytes
internal import Diagnosis
internal import DropModel
internal import HostCounters
internal import HostState
internal import Netlink

extension Evidence {
  /// The filters of tc on the finding's devices that may have dropped these packets, most drops first.
  static func filters(of finding: Finding, on host: HostWindow) -> [Evidence] {
    guard let namespace = finding.namespace?.inode, let path = host.path(of: namespace) else {
      return []
    }
    let links = links(of: finding, on: host)
    let directions = finding.entry?.filterDirections ?? []
    guard !links.isEmpty, !directions.isEmpty else { return [] }
    do {
      let connection = NetlinkConnection(try KernelSocket(.route, in: path))
      var suspects: [(filter: TrafficFilter, link: Link)] = []
      for link in links {
        for direction in directions {
          suspects += try TrafficFilter.all(of: link.index, direction, over: connection)
            .filter { $0.mayDrop }.map { ($0, link) }
        }
      }
      suspects.sort { ($1.filter.drops, $0.filter.order) < ($0.filter.drops, $1.filter.order) }
      guard !suspects.isEmpty else {
        // A filter may be one of several causes, or the only one.
        guard finding.entry?.station.isOfFilters ?? false else { return [] }
        let names = links.map(\.name).joined(separator: ", ")
        return [
          Evidence(name: "tc filter", value: "none on \(names) drops; a BPF program may (tcx)")
        ]
      }
      var evidence = suspects.prefix(3).map {
        Evidence(name: "tc filter", value: $0.filter.text(on: $0.link))
      }
      let others = suspects.dropFirst()
      let hasCounted = suspects[0].filter.drops > 0
      if others.isEmpty || hasCounted && others.allSatisfy({ $0.filter.drops == 0 }) {
        evidence[0].placeholders = suspects[0].filter.placeholders(on: suspects[0].link)
      }
      return evidence
    } catch {
      return [Evidence(name: "tc filter", value: "\(error)", isKnown: false)]
    }
  }
}

extension Station {
  /// Whether only filters drop here.
  fileprivate var isOfFilters: Bool { self == .tcIngress || self == .tcEgress }
}

extension Entry {
  /// Where the filters are that may have dropped.
  fileprivate var filterDirections: [TrafficFilter.Direction] {
    switch station {
    case .tcIngress: [.ingress]
    case .tcEgress: [.egress]
    case .qdisc: [.root, .egress]
    default: TrafficFilter.Direction.allCases
    }
  }
}

extension TrafficFilter {
  fileprivate var drops: UInt64 { actions.reduce(0) { $0 + UInt64($1.drops) } }

  /// In the order that packets come to them.
  fileprivate var order: UInt64 { UInt64(chain) << 16 | UInt64(preference) }

  fileprivate var mayDrop: Bool { isDirect || actions.contains(where: \.mayDrop) }

  /// "ingress of eth0: flower pref 49152 handle 0x1, gact drop, 50 drops".
  fileprivate func text(on link: Link) -> String {
    let does = actions.map { action in
      "\(action.kind)" + (action.verdict.map { " \($0)" } ?? "")
        + (action.mayDrop ? ", \(grouped(UInt64(action.drops))) drops" : "")
    }
    let name = (program.map { " \($0)" } ?? "") + (isDirect ? " direct-action" : "")
    let place = chain == 0 ? "" : " chain \(chain)"
    let filter =
      "\(direction.rawValue) of \(link.name): \(kind)\(name) pref \(preference)\(place) "
      + "handle \(handleText)"
    return ([filter] + does).joined(separator: ", ")
  }

  /// As tc(8) writes it: u32 has a table, a bucket and a place in it.
  private var handleText: String {
    guard kind == "u32" else { return "0x" + String(handle, radix: 16) }
    let parts = [handle >> 20, handle >> 12 & 0xFF, handle & 0xFFF]
    return parts.map { $0 == 0 ? "" : String($0, radix: 16) }.joined(separator: ":")
  }

  /// A filter of another chain than the first takes more words than its preference.
  fileprivate func placeholders(on link: Link) -> [Placeholder: String] {
    chain == 0 ? [.pref: String(preference), .device: link.name] : [:]
  }
}
