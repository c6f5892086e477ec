internal import Bytes
internal import Diagnosis
internal import DropModel

extension Evidence {
  /// How full the table of connections is.
  static func conntrack(of finding: Finding, on host: HostWindow) -> [Evidence] {
    guard let namespace = finding.namespace?.inode,
      let count = host.gauge("conntrack.count", in: namespace),
      let limit = host.gauge("conntrack.max", in: namespace)
    else { return [] }
    return [
      Evidence(
        name: "conntrack",
        value: "\(grouped(UInt64(max(0, count)))) of \(grouped(UInt64(max(0, limit)))) entries")
    ]
  }
}
