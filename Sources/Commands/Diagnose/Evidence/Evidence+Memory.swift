internal import Bytes
internal import Diagnosis
internal import DropModel
internal import HostState

extension Evidence {
  /// What the protocols that dropped hold of memory, and how much they may.
  static func memory(
    of finding: Finding, _ state: StateReader, on host: HostWindow
  ) throws(FileError) -> [Evidence] {
    let memory = try state.memory()
    let inode = finding.namespace?.inode
    return MemoryPool.all(for: finding).compactMap { pool in
      guard let used = memory[pool.label, pool.word] else { return nil }
      // Three numbers, the last of which is the hard limit, or a single one.
      let limit = host.sysctl(pool.limit, in: inode)?.split(separator: " ").last.flatMap {
        UInt64($0)
      }
      let most = limit.map { " of \(grouped($0)) (\(pool.limit))" } ?? ""
      return Evidence(
        name: "memory of \(pool.label)", value: "\(grouped(used))\(most) \(pool.unit)")
    }
  }
}

/// Memory that is accounted for together.
private enum MemoryPool {
  case tcp, udp, fragments, fragments6

  /// Those that a finding's own name or its packets speak of.
  static func all(for finding: Finding) -> [MemoryPool] {
    let name = finding.name.uppercased()
    if name.contains("FRAG") || name.contains("REASM") {
      let isIPv6 = finding.kinds.contains { $0.drop.networkProtocol == "ipv6" }
      let isIPv4 = finding.kinds.contains { $0.drop.networkProtocol == "ipv4" }
      return isIPv6 ? (isIPv4 ? [.fragments, .fragments6] : [.fragments6]) : [.fragments]
    }
    let transports = Set(finding.kinds.compactMap(\.drop.transport))
    let named: [(MemoryPool, String)] = [(.tcp, "TCP"), (.udp, "UDP")]
    let pools = named.filter { name.contains($0.1) || transports.contains($0.1.lowercased()) }
    return pools.isEmpty ? [.tcp, .udp] : pools.map(\.0)
  }

  /// As /proc/net/sockstat calls it.
  var label: String {
    switch self {
    case .tcp: "TCP"
    case .udp: "UDP"
    case .fragments: "FRAG"
    case .fragments6: "FRAG6"
    }
  }

  var word: String { unit == "pages" ? "mem" : "memory" }

  var unit: String {
    switch self {
    case .tcp, .udp: "pages"
    case .fragments, .fragments6: "bytes"
    }
  }

  /// The sysctl that limits it.
  var limit: String {
    switch self {
    case .tcp: "net.ipv4.tcp_mem"
    case .udp: "net.ipv4.udp_mem"
    case .fragments: "net.ipv4.ipfrag_high_thresh"
    case .fragments6: "net.ipv6.ip6frag_high_thresh"
    }
  }
}
